"""The curated tables: every row dated and sourced, no key twice, and the readers' rules by hand-checked cases."""

import csv
import gzip
import re
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.curated import tables
from data.models.build import LISTINGS
from scoring.tasks import TASK_GROUPS

CURATED = Path(tables.__file__).parent
KEYS = {
    "providers.csv": ("handle",),
    "families.csv": ("handle", "family"),
    "repackagers.csv": ("owner",),
    "sibling_owners.csv": ("owner", "sibling"),
    "licences.csv": ("license_id",),
    "formats.csv": ("extension",),
    "file_names.csv": ("file", "beside"),
    "task_groups.csv": ("task", "beside"),
    "boilerplate.csv": ("kind", "name"),
    "sources.csv": ("name",),
    "named_systems.csv": ("system",),
    "organisation_pages.csv": ("organisation", "platform", "page"),
    "openness.csv": ("organisation", "model", "index", "released"),
    "code_activity.csv": ("repository", "dimension", "as_of"),
    "compatibility.csv": ("system", "chip"),
    "industry_words.csv": ("industry", "word"),
    "model_sizes.csv.gz": ("organisation", "name"),
    "owners.csv.gz": ("owner",),
    "known_owners.csv": ("owner",),
    "known_models.csv.gz": ("owner", "model"),
}
DATED = [name for name in KEYS if name != "known_models.csv.gz"]


def rows(name, folder=CURATED):
    path = folder / name
    with gzip.open(path, "rt", encoding="utf-8") if name.endswith(".gz") else path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


# Every table


def test_every_table_is_covered():
    assert {path.name for path in CURATED.glob("*.csv*")} == set(KEYS)


@pytest.mark.parametrize("name", DATED)
def test_every_row_has_a_source_and_a_date(name):
    for row in rows(name):
        assert row["source"], row
        for address in row["source"].split():
            own = row.get("name") in (tables.SOURCE, LISTINGS)
            assert address.startswith("https://") or own, row
        assert date(2022, 1, 1) <= date.fromisoformat(row["as_of"]) <= date(2026, 11, 28), row


@pytest.mark.parametrize(("name", "key"), KEYS.items())
def test_no_key_twice(name, key):
    # The long list has four model ids twice, in two spellings; everything else is unique without case.
    fold = str if name == "known_models.csv.gz" else str.lower
    keys = [tuple(fold(row[part]) for part in key) for row in rows(name)]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("name", KEYS)
def test_cells_are_clean(name):
    for row in rows(name):
        assert None not in row
        assert all(value is not None and value == value.strip() for value in row.values()), row


def test_each_known_model_has_a_dated_owner():
    assert {row["owner"] for row in rows("known_models.csv.gz")} <= set(tables.known_owners())


# Providers and owners


def test_providers_hold_the_two_lists():
    table = rows("providers.csv")
    assert sum(row["source"].endswith("/OSIR-LMTS") for row in table) == 69
    assert all(row["basis"] for row in table)
    for handle in "openai google-bert FacebookAI openai-community meta-llama Qwen mistralai timm xai-org".split():
        assert handle.lower() in tables.providers()
    for handle in "unsloth bartowski TheBloke lmstudio-community mlx-community Comfy-Org intfloat RedHatAI".split():
        assert handle.lower() not in tables.providers()


def test_nobody_is_official_and_a_repackager():
    assert not tables.providers() & tables.repackagers()


@pytest.mark.parametrize(
    ("owner", "level"),
    [
        ("Qwen", 2),
        ("qWEN", 2),
        ("OpenAI", 2),
        ("unsloth", 1),
        ("TheBloke", 1),
        ("0-hero", 0),
        ("thinkingmachines", 2),  # a young organisation can be official
        ("HauhauCS", 0),  # twelve models, 5,072 likes, but not a year old
        ("nitrosocke", None),  # models and likes reach it, no creation date is known
        ("fishery-nobody-looked-up", None),
        ("", None),
    ],
)
def test_provider_level(owner, level):
    assert tables.provider_level(owner) == level


def test_established_holds_for_every_owner():
    newest = date.fromisoformat(tables.AS_OF)
    records = [tables.owner_record(row["owner"]) for row in rows("owners.csv.gz")]
    assert len(records) == 11_502
    for record in records:
        assert record is not None
        assert record.as_of <= newest
        enough = record.models >= 3 and (record.likes or 0) >= 1000
        old = record.first_created is not None and record.first_created <= newest.replace(year=newest.year - 1)
        assert (record.established is True) == (enough and old), record
        if record.models < 3 or (record.likes is not None and record.likes < 1000):
            assert record.established is False, record
        if enough and record.first_created is None:
            assert record.established is None, record


def test_owner_record_reads_types():
    record = tables.owner_record("deepseek-AI")
    assert record is not None
    assert (record.owner, record.models) == ("deepseek-ai", 93)
    assert record.likes is not None
    assert record.likes > 70_000
    assert record.first_created == date(2023, 10, 23)
    assert tables.owner_record("no such owner") is None


def test_an_owner_without_any_count_is_unknown_not_zero():
    blank = [row for row in rows("owners.csv.gz") if not row["downloads"]]
    assert blank
    record = tables.owner_record(blank[0]["owner"])
    assert record is not None
    assert record.downloads is None


def test_known_owners_are_the_most_downloaded():
    known = rows("known_owners.csv")
    assert [int(row["rank"]) for row in known] == list(range(1, 1001))
    assert {row["as_of"] for row in known} == {tables.AS_OF}
    counted = [row for row in rows("owners.csv.gz") if row["downloads"]]
    best = sorted(counted, key=lambda row: (-int(row["downloads"]), row["owner"]))[:1000]
    assert tuple(row["owner"] for row in best) == tables.known_owners()


def test_known_models_are_asked_without_case():
    assert "gpt-j-6b" in tables.known_models("ELEUTHERAI")
    assert tables.known_models("nobody") == {}
    assert tables.known_model("OPENAI/Privacy-Filter") == ("openai/privacy-filter", "2026-04-17", "", False)
    for name in ("privacy-filter", "Privacy_Filter", "privacy.filter"):
        official = tables.official_model(name)
        assert official
        assert official.id == "openai/privacy-filter"
    assert tables.known_model("nobody/x") is None


def test_siblings_are_symmetric_and_exact():
    assert tables.sibling("THUDM", "zai-org")
    assert tables.sibling("ZAI-org", "thudm")
    assert tables.sibling("HuggingFaceFW", "HuggingFaceM4")
    assert tables.sibling("hku-nlp", "hkunlp")
    assert not tables.sibling("hku-nlp", "ku-nlp")
    assert not tables.sibling("Qwen", "Qwen")
    assert {row["relation"] for row in rows("sibling_owners.csv")} == {"sibling", "renamed", "distinct"}


def test_repackagers_are_mostly_what_the_table_says():
    for name in "bartowski TheBloke unsloth mradermacher cyankiwi Xenova neuralmagic QuantTrio".split():
        assert name.lower() in tables.repackagers()
    for row in rows("repackagers.csv"):
        assert 0 <= int(row["quantised"]) <= int(row["models"])
        if not row["basis"].startswith("curated by hand"):
            assert int(row["models"]) >= 5
            assert int(row["quantised"]) >= 0.9 * int(row["models"]), row


# Families


def test_family_words_are_tokens():
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", word) for word in tables.families())


@pytest.mark.parametrize(
    ("name", "owner", "word"),
    [
        ("Qwen2.5-7B-Instruct", "Qwen", None),
        ("Qwen2.5-7B-Instruct", "qwen", None),
        ("Qwen2.5-7B-Instruct-AWQ", "someone", "qwen"),
        ("DeepSeek-R1-Distill-Qwen-7B", "deepseek-ai", "qwen"),
        ("DeepSeek-R1", "deepseek-ai", None),
        ("Llama-3.1-Nemotron-70B", "nvidia", "llama"),
        ("llama3-chat", "someone", "llama"),
        ("gemma3n-E4B-it", "someone", "gemma"),
        ("gpt-oss-20b-finance", "someone", "gpt-oss"),
        ("gpt_oss_20b", "someone", "gpt-oss"),
        ("stable-diffusion-v1-5", "someone", "stable-diffusion"),
        ("sd3.5-large", "someone", "sd3"),
        ("c4ai-command-r7b", "someone", "command-r"),
        ("dolphin-2.9", "someone", None),  # 'phi' is not a token of it
        ("TinyLlama-1.1B", "TinyLlama", None),
        ("distilled-command-line", "someone", None),
        ("bert-base-uncased", "google-bert", None),
        ("bert-base-uncased", "google", None),
        ("bert-base-NER", "dslim", "bert"),
        ("deberta-v3-base", "google", "deberta"),
        ("chatglm3-6b", "THUDM", None),
        ("roberta-base", "FacebookAI", None),
        ("opus-mt-en-phi", "Helsinki-NLP", None),  # a language code
        ("", "", None),
        ("-._", "x", None),
    ],
)
def test_names_foreign_family(name, owner, word):
    assert tables.names_foreign_family(name, owner) == word


@pytest.mark.parametrize("row", rows("families.csv"), ids=lambda row: f"{row['handle']}-{row['family']}")
def test_a_family_is_nobody_elses_to_its_owner(row):
    assert tables.names_foreign_family(f"{row['family']}-7b", row["handle"]) is None
    assert tables.names_foreign_family(f"{row['family']}-7b", "someone-else") == row["family"]


@given(st.text(max_size=200), st.text(max_size=40))
def test_no_reader_raises(name, owner):
    tables.names_foreign_family(name, owner)
    assert tables.provider_level(owner) in (None, 0, 1, 2)
    assert not tables.known_models(owner + "\ud800")


# Licences


def test_licence_table_is_well_formed():
    table = rows("licences.csv")
    assert len(table) > 150
    assert {row["class"] for row in table} == set(get_args(tables.LicenceClass))
    for row in table:
        assert row["license_id"] == row["license_id"].strip().lower()
        assert not re.search(r"[\s_]", row["license_id"])
        assert row["name"]
        assert row["basis"]


# Files and templates


def test_every_format_and_name_has_a_kind():
    assert set(tables.formats().values()) == set(get_args(tables.FileKind))
    assert all(extension == extension.lower().strip(". ") for extension in tables.formats())
    assert len(tables.formats()) > 400
    named = tables.file_names()
    # A name that tells by itself stands before the rows that ask its neighbours, so that none of these overrules it.
    # One that leaves its kind open stands behind the neighbours that tell it.
    certain = [n for n, row in enumerate(named) if not row.beside and row.kind != "conditional"]
    assert max(certain) < min(n for n, row in enumerate(named) if row.beside)
    assert all("{stem}" not in row.beside or "stem" in row.file.groupindex for row in named)
    assert all(row.kind != "safe" for row in named if row.beside.startswith("tag:"))  # a tag is only a word


def test_what_templates_write_is_in_lower_case():
    assert all(repo == repo.lower() and repo.count("/") == 1 for repo in tables.tool_repositories())
    assert tables.template_papers()["1908.10084"] == {"sentence-transformers", "ukplab"}
    assert tables.template_papers()["1910.09700"] == frozenset()


# Tasks

# Judged by reading what each model is, not from the table.
SERVES = """
language Qwen/Qwen3-8B google-bert/bert-base-uncased google/flan-t5-xl mistralai/Codestral-22B-v0.1
language deepseek-ai/DeepSeek-V3-Base dslim/bert-base-NER Skywork/Skywork-Reward-V2-Llama-3.1-8B Qwen/WorldPM-72B
language U4RASD/NeoAraBERT JayHyeon/Qwen-0.5B-DPO-1epoch PKU-Alignment/beaver-7b-v1.0-reward
language meta-llama/Llama-Prompt-Guard-2-86M zai-org/glm-4-9b-chat-1m
embeddings BAAI/bge-m3 sentence-transformers/all-MiniLM-L6-v2 google/embeddinggemma-300m intfloat/multilingual-e5-large
embeddings Qwen/Qwen3-Embedding-8B jinaai/jina-embeddings-v4 moka-ai/m3e-base minishlab/potion-code-16M
embeddings BAAI/bge-reranker-v2-m3 Qwen/Qwen3-Reranker-0.6B lightonai/LateOn onnx-community/harrier-oss-v1-0.6b-ONNX
speech openai/whisper-large-v3 hexgrad/Kokoro-82M pyannote/speaker-diarization-3.1 stabilityai/stable-audio-open-1.0
speech OpenMOSS-Team/MOSS-Audio-Tokenizer-Nano ibm-granite/granite-speech-4.1-2b-nar Qwen/Qwen3-TTS-12Hz-1.7B-Base
speech mistralai/Voxtral-Mini-3B-2507 kyutai/pocket-tts pipecat-ai/smart-turn-v3
vision facebook/detr-resnet-50 openai/clip-vit-base-patch32 facebook/sam3 facebook/dinov3-vitb16-pretrain-lvd1689m
vision deepseek-ai/DeepSeek-OCR zai-org/GLM-OCR PaddlePaddle/PaddleOCR-VL Ultralytics/YOLO26
image_generation black-forest-labs/FLUX.1-dev Wan-AI/Wan2.1-T2V-14B microsoft/TRELLIS.2-4B stabilityai/sdxl-vae
image_generation F16/z-image-turbo-flow-dpo Lightricks/LTX-2.3-22b-IC-LoRA-Motion-Track-Control Comfy-Org/flux1-dev
multimodal google/gemma-4-E4B-it openbmb/MiniCPM-V-2_6 HuggingFaceM4/idefics-80b-instruct moonshotai/Kimi-K2.5
multimodal microsoft/Phi-4-multimodal-instruct impira/layoutlm-document-qa XiaomiMiMo/MiMo-V2.5
tabular amazon/chronos-2 google/timesfm-2.5-200m-transformers SAP/sap-rpt-1-oss
other openvla/openvla-7b ScientaLab/eva-rna google/alphagenome-all-folds Adilbai/stock-trading-rl-agent
unknown xai-org/grok-2 lllyasviel/ControlNet IndexTeam/IndexTTS-2 Wildminder/AI-windows-whl voyageai/voyage-3-large
"""


@pytest.mark.parametrize("line", SERVES.split("\n")[1:-1])
def test_models_of_the_bundle_are_in_the_group_of_what_they_are_for(bundled, line):
    group, *ids = line.split()
    found = bundled.facts.set_index("id")["task_group"].fillna("unknown")
    assert {i: found[i] for i in ids} == dict.fromkeys(ids, group)


@pytest.mark.parametrize(
    ("task", "marks", "group"),
    [
        ("feature-extraction", {"bert", "sentence-transformers"}, "embeddings"),
        ("feature-extraction", {"bert", "text-embeddings-inference"}, "embeddings"),
        ("feature-extraction", {"bert"}, "language"),
        ("feature-extraction", {"audio-tokenizer", "text-embeddings-inference"}, "speech"),
        ("feature-extraction", set(), "other"),
        ("text-classification", {"sentence-transformers"}, "embeddings"),
        ("a-task-of-tomorrow", {"llama"}, "other"),
        ("other", {"llama"}, "language"),
        (None, {"gguf", "conversational"}, "language"),
        (None, {"gguf"}, None),
        ("other", set(), None),
        ("", set(), None),
    ],
)
def test_task_library_and_tags_make_the_group(task, marks, group):
    assert tables.task_group(task, marks) == group


def test_every_row_of_task_groups_names_a_group_and_marks_in_lower_case():
    assert {row["group"] for row in rows("task_groups.csv")} == set(TASK_GROUPS)
    assert all(row["beside"] == row["beside"].lower() for row in rows("task_groups.csv"))


# Sources


def test_sources_name_the_tables_themselves():
    assert tables.sources()[tables.SOURCE]["as_of"] == tables.AS_OF
    assert tables.sources()["OSIR-LMTS"]["licence"] == "MIT"
    assert all(set(source) == {"licence", "url", "as_of"} for source in tables.sources().values())
