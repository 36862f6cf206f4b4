"""What may be concluded: public bug reports as small records with the values that are right, and siblings of each.

The files of fixtures/cases hold a kind of fault each; every rule is held here by further cases, which are in none.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data.models import build
from data.models.facts import facts
from data.platforms.hub import record as hub_record
from data.platforms.hub.ask import Raw

AS_OF = date(2026, 11, 1)
CASES = [
    json.loads(line)
    for path in sorted((Path(__file__).parents[2] / "fixtures" / "cases").glob("*.jsonl"))
    for line in path.read_text("utf-8").splitlines()
]


def read(record: dict[str, Any], **more: Any) -> dict[str, Any]:
    return facts({"id": "quiet-reef/thing"} | record | more, AS_OF)


def listed(*names: str) -> dict[str, Any]:
    return {"siblings": [{"rfilename": name} for name in names]}


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
@pytest.mark.parametrize("kept", [False, True], ids=["as it came", "as a snapshot keeps it"])
def test_every_reported_case_gives_a_value_that_is_right(case, kept):
    record = {key: value for key, value in case.items() if not key.startswith("_")}
    row = facts(build.reduced(record) if kept else record, AS_OF)
    for fact, right in case["_expected"].items():
        assert row[fact] in right or (row[fact] is None and "unknown" in right)


@pytest.mark.parametrize("kept", [False, True], ids=["as it came", "as a snapshot keeps it"])
def test_every_sibling_of_a_case_gives_a_value_that_is_right(kept):
    wrong = []
    for line in (Path(__file__).parents[2] / "fixtures" / "siblings.jsonl").read_text("utf-8").splitlines():
        case = json.loads(line)
        record = {"id": "quiet-reef/thing"} | {key: value for key, value in case.items() if not key.startswith("_")}
        row = facts(build.reduced(record) if kept else record, AS_OF)
        wrong += [(line, row[fact]) for fact, right in case["_expected"].items() if row[fact] not in right]
    assert wrong == []


@pytest.mark.parametrize(
    ("record", "place"),
    [
        (listed("LICENSE.md"), "The file LICENSE.md"),
        ({"readme": "## Terms of use\n\nFree for research."}, "The README"),
    ],
)
def test_a_licence_that_only_a_file_or_the_readme_states_has_no_class_and_a_note(record, place):
    row = read({"tags": []} | record)
    assert (row["license_stated"], row["license_class"]) == (True, None)
    assert row["notes"]["license_class"] == (
        f"{place} states a licence, the metadata does not; what it permits was not read."
    )


def test_nothing_good_is_known_of_the_code_of_a_disabled_repository():
    assert read({"tags": [], "disabled": True})["remote_code"] is None
    assert read({"tags": ["custom_code"], "disabled": True})["remote_code"] is True
    assert read({"tags": []})["remote_code"] is False


# Rule 1: cannot tell is unknown.


@pytest.mark.parametrize(
    "name", ["m.nosuch", "payload", "m.keras", "m.npy", "m.pb", "m.engine", "m.ser", "shard-0/a_000"]
)
def test_one_file_of_which_nobody_can_tell_leaves_no_good_mark(name):
    row = read(listed("model.safetensors", name))
    assert (row["unsafe_level"], row["weight_formats"], row["unsafe_files"]) == (None, None, None)


def test_a_template_that_reaches_for_internals_leaves_no_good_mark():
    evil = "{{ ''.__class__.__mro__[1].__subclasses__() }}"
    good = "{% for m in messages %}{{ m['role'] }}: {{ m.content | trim }}{% endfor %}"
    held: list[dict[str, Any]] = [
        {"gguf": {"chat_template": evil}},
        {"config": {"processor_config": {"chat_template": evil}}},
        {"config": {"tokenizer_config": {"chat_template": [{"name": "tool", "template": evil}]}}},
        {"config": {"chat_template_jinja": "{{ x | attr('__globals__') }}"}},
        {"config": {"additional_chat_templates": {"tool_use": evil}}},
        {"gguf": {"tokenizer.chat_template.tool_use": evil}},
        {"template_reaches_internals": True},
    ]
    for record in held:
        assert read(listed("m.gguf") | record)["unsafe_level"] is None
        assert read(build.reduced({"id": "a/b"} | listed("m.gguf") | record))["unsafe_level"] is None
    assert read(listed("m.gguf") | {"gguf": {"chat_template": good}})["unsafe_level"] == "none"


def test_nobody_can_open_a_disabled_repository():
    row = read({"disabled": True, "gated": False, "private": False})
    assert (row["authorization"], row["gated"]) == (None, None)
    assert row["notes"]["authorization"] == "The Hub has disabled this repository: nobody can open its files."
    assert read({"disabled": False, "gated": False})["authorization"] == "none"


# Rule 4: not in one place is not "no".


@pytest.mark.parametrize(
    ("record", "stated", "at_least"),
    [
        (listed("LICENCE.rst"), True, False),
        (listed("MODEL_LICENSE"), True, False),
        (listed("COPYING.txt"), True, False),
        (listed("licenses/LICENSE.md"), True, False),
        (listed("third_party/x/LICENSE"), False, True),  # another's
        (listed("license.py"), False, True),
        (listed("README.md") | {"readme": "# A\n\n**Licence**: Apache 2.0"}, True, False),
        (listed("README.md") | {"readme": "Released under the MIT license."}, True, False),
        (listed("README.md") | {"readme": "---\nlicence: mit\n---\n"}, True, False),
        (listed("README.md") | {"readme": "---\nlicence: license\n---\n"}, False, False),  # a template's own words
        (listed("README.md") | {"readme": "- **License:** [More Information Needed]"}, False, False),
        (listed("README.md") | {"readme": "A model."}, False, False),  # every place was looked at
        ({"readme": "A model."}, False, True),  # its files were not
        (listed("README.md"), False, True),  # its README was not
        ({}, False, True),
        ({"cardData": {"license_link": "https://acme.org/terms"}}, True, False),
        ({"tags": ["x"], "_incomplete": ["tags"]}, None, None),
    ],
)
def test_a_licence_is_looked_for_everywhere_before_it_is_called_missing(record, stated, at_least):
    row = read({"tags": ["pytorch"]} | record)
    assert (row["license_stated"], row["license_stated_at_least"]) == (stated, at_least)


@pytest.mark.parametrize(
    ("record", "info", "at_least"),
    [
        ({"id": "a/m-gguf"}, False, True),
        ({"id": "a/m-gguf", "readme": "Quants."}, False, False),
        ({"id": "a/m-gguf", "readme": "GGUF quants of [Base](https://huggingface.co/b/base)."}, True, False),
        ({"id": "a/m-lora", "readme": "Base model: b/base-7b"}, True, False),
        (
            {"id": "a/m", "readme": "This model is a fine-tuned version of [b/c](https://huggingface.co/b/c)."},
            True,
            False,
        ),
        ({"id": "a/m-lora", "readme": "Base model: [More Information Needed]"}, False, False),
        ({"id": "a/m", "readme": "A model."}, None, None),
        ({"id": "a/m-lora", "tags": ["base_model:adapter:./out"]}, False, True),
        ({"id": "a/m-lora", "tags": ["base_model:adapter:b/c"]}, True, False),
    ],
)
def test_a_base_model_is_looked_for_in_the_readme_before_it_is_called_missing(record, info, at_least):
    row = read({"tags": []} | record)
    assert (row["base_model_info"], row["base_model_info_at_least"]) == (info, at_least)


@pytest.mark.parametrize(
    ("record", "remote"),
    [
        (listed("modeling_x.py") | {"readme": "Load it with `trust_remote_code=True`."}, True),
        (listed("custom_generate/generate.py") | {"readme": "Pass trust_remote_code=True."}, True),
        (listed("image_processing_x.py"), None),
        (listed("configuration_x.py"), None),
        (listed("pipeline.py", "model_index.json"), None),
        (listed("pipeline.py"), False),  # of no diffusers repository
        (listed("train.py", "app.py"), False),
        ({"readme": "Load it with `trust_remote_code=True`."}, None),
        ({"readme": "No trust_remote_code is needed."}, False),
        ({"config": {"processor_config": {"auto_map": {"AutoProcessor": "p.P"}}}}, True),
        ({"config": {"preprocessor_config": {"auto_map": {"AutoImageProcessor": "p.P"}}}}, True),
        ({"config": {"tokenizer_config": {"auto_map": {}}}}, False),
    ],
)
def test_remote_code_is_looked_for_in_files_card_and_every_configuration(record, remote):
    assert read({"tags": ["x"]} | record)["remote_code"] is remote


# Rule 5: presence is not content.


@pytest.mark.parametrize("name", ["videofolder", "text", "pandas", "../corpus", "None", "custom", "train.jsonl"])
def test_a_loader_a_path_or_a_placeholder_is_no_data_set(name):
    tags = [f"dataset:{name.lower()}"]
    assert read({"tags": tags, "readme": f"---\ndatasets: ['{name}']\n---\n"})["dataset_info"] is False
    assert read({"tags": [*tags, "dataset:squad"]})["dataset_info"] is True


@pytest.mark.parametrize("paper", ["1705.00652", "2306.01708", "2305.18290", "2106.09685", "2209.11055"])
def test_a_paper_that_a_tool_writes_into_every_card_is_not_the_models(paper):
    assert read({"tags": [f"arxiv:{paper}"]})["papers"] == 0
    assert read({"tags": [f"arxiv:{paper}", "arxiv:2501.12345"]})["papers"] == 1


def test_a_tools_paper_is_its_makers_own():
    assert read({"tags": ["arxiv:1908.10084"], "id": "sentence-transformers/x"})["papers"] == 1
    assert read({"tags": ["arxiv:2402.03300"], "id": "deepseek-ai/deepseek-math"})["papers"] == 1


@pytest.mark.parametrize("value", [None, "", "n/a", "TBD", "nan", "inf", True, [], ["-"]])
def test_a_result_without_a_number_is_no_result(value):
    index = [{"name": "m", "results": [{"metrics": [{"type": "f1", "value": value}]}]}]
    read_in = ({"cardData": {"model-index": index}}, {"model-index": index})
    for record in read_in:
        row = read({"tags": ["model-index"], "readme": "A model."} | record)
        assert (row["evaluation_results"], row["metric_info"]) == (False, False)


def test_what_a_card_asks_before_access_proves_a_gate():
    assert read({"cardData": {"extra_gated_prompt": "Agree"}})["gated"] is True
    assert read({"readme": "---\nExtra_Gated_Fields: {name: text}\n---\n"})["gated"] is True
    assert read({"cardData": {"extra_gated_prompt": "Agree"}})["authorization"] is None  # who opens it is not told
    assert read({"cardData": {"extra_gated_prompt": "Agree"}, "gated": False})["gated"] is False  # the Hub knows


# Rule 6: licences through the lineage.


@pytest.mark.parametrize(
    ("licence", "base", "noted"),
    [
        ("mit", "google/gemma-2-9b", True),
        ("apache-2.0", "adept/fuyu-8b", True),
        ("gemma", "google/gemma-2-9b", False),
        ("cc-by-nc-4.0", "google/gemma-2-9b", False),
        ("mit", "nobody/knows-this", False),
    ],
)
def test_a_derivative_that_is_freer_than_its_base_is_noted(licence, base, noted):
    notes = read({"tags": [f"license:{licence}", f"base_model:{base.lower()}"]})["notes"]
    assert ("license_class" in notes) is noted
    if noted:
        assert notes["license_class"].startswith(f"Its licence, {licence}, is freer than its base model's: {base} is")


# What a stranger tried: names, templates and words that the rules above were not made for.


@pytest.mark.parametrize(
    "name",
    (
        "model_release weights_version_1 policy_net policy termsnet model-vocab-embeddings "
        "license_plates opensource-w2v.model word2vec_vocab.model w2v_target_embeddings.model retargeted.model"
    ).split(),
)
def test_a_word_within_a_name_does_not_make_it_a_text(name):
    assert read(listed("model.safetensors", name))["unsafe_level"] is None


@pytest.mark.parametrize(
    "name",
    (
        "LICENSE LICENSE-MODEL MODEL_LICENSE third_party_notices USAGE_POLICY RELEASE "
        "Modelfile vocab tokenizer.model llama_tokenizer.model sentencepiece.bpe.model spm32k.model "
        "en.vocab.model"
    ).split(),
)
def test_a_text_or_a_vocabulary_is_known_by_its_name(name):
    assert read(listed("model.safetensors", name))["unsafe_level"] == "none"


def test_a_program_under_the_name_of_a_linker_is_code():
    assert read(listed("model.safetensors", "a.out"))["unsafe_level"] == "code_only"


@pytest.mark.parametrize("disabled", [True, "true", 1])
def test_nothing_good_is_known_of_files_that_nobody_can_open(disabled):
    row = read(listed("model.safetensors"), disabled=disabled, gated=False, tags=["safetensors"])
    assert (row["authorization"], row["weight_formats"], row["unsafe_level"]) == (None, None, None)
    assert read(listed("m.pkl", "m.gguf"), disabled=disabled)["unsafe_level"] == "beside_safe"


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''['__cla'~'ss__'] }}",  # all that is hidden is in tests/data/platforms/hub/test_templates.py
        " " * 250_000 + "{{ ''.__class__ }}",  # beyond what is read
        {"tool": {"template": "{{ x.__init__ }}"}},
    ],
)
def test_a_template_may_hide_what_it_reaches_for(template):
    held: list[dict[str, Any]] = [
        {"gguf": {"chat_template": template}},
        {"config": {"processor_config": {"tokenizer": {"chat_template": template}}}},
    ]
    for record in held:
        assert read(listed("m.gguf") | record)["unsafe_level"] is None
        assert read(build.reduced({"id": "a/b"} | listed("m.gguf") | record))["unsafe_level"] is None


@pytest.mark.parametrize(
    ("record", "remote"),
    [
        ({"config": {"auto_map": "modeling_x.X"}}, True),
        ({"config": {"processor_config": {"image_processor": {"auto_map": {"AutoImageProcessor": "p.P"}}}}}, True),
        ({"transformersInfo": {"auto_model": "AutoModel", "custom_class": "modeling_x.X"}}, True),
        (listed("modelling_RW.py"), None),
        (listed("modeling.py"), None),
        (listed("modeling_x.pyc"), None),
        (listed("unet/my_unet.py", "model_index.json"), None),
        (listed("unet/my_unet.py"), False),  # of no diffusers repository
        (listed("modelling_RW.py") | {"readme": "Set `trust_remote_code` to `True`."}, True),
        (listed("modeling_x.py") | {"readme": "Load it with trust_remote_code enabled."}, True),
    ],
)
def test_remote_code_has_more_spellings(record, remote):
    assert read({"tags": ["x"]} | record)["remote_code"] is remote


def test_a_configuration_deep_within_is_kept_by_a_record():
    config = {"processor_config": {"image_processor": {"auto_map": {"AutoImageProcessor": "p.P"}}}}
    raw = Raw({"id": "a/b", "tags": [], "config": config}, "2026-11-01T00:00:00Z", {})
    assert read(hub_record.record(raw))["remote_code"] is True


def test_of_several_scans_the_worst_counts():
    clean: dict[str, Any] = {"scansDone": True, "filesWithIssues": []}
    for other, worst in [
        ({"scansDone": True, "filesWithIssues": [{"path": "a", "level": "unsafe"}]}, "unsafe"),
        ({"scansDone": False, "filesWithIssues": []}, None),
        ({"scansDone": True}, None),
        (clean, "safe"),
    ]:
        assert read({"securityRepoStatus": clean, "securityStatus": other})["hub_scan"] == worst


@pytest.mark.parametrize("word", ["none", "n/a", "license", "more information needed"])
def test_a_placeholder_among_the_tags_is_no_licence(word):
    row = read({"tags": [f"license:{word}"], "readme": "A model."} | listed("README.md"))
    assert (row["license_stated"], row["license_class"]) == (False, None)


@pytest.mark.parametrize(
    "record",
    [
        *(listed(f) for f in ("COPYING.LESSER", "UNLICENSE", "LICENSE.model", "LICENSES/MIT.txt", "EULA.txt")),
        listed("legal/LICENSE.txt"),
        {"readme": "本模型采用 MIT 许可证。"},
        {"readme": "The weights are MIT-licensed."},
        {"readme": "Lizenz: MIT"},
    ],
)
def test_a_licence_is_found_under_other_names(record):
    assert read({"tags": ["x"]} | record)["license_stated"] is True


def test_a_file_about_number_plates_is_no_licence():
    assert read({"tags": ["x"], "readme": "A model."} | listed("license_plates.txt"))["license_stated"] is False


@pytest.mark.parametrize(
    "base", ["output_dir/checkpoint-100", "hf/models--a--b", "checkpoint-500", "merged_model", "base-model", "tmp"]
)
def test_a_folder_of_a_trainer_is_no_base_model(base):
    row = read({"id": "a/m-lora", "cardData": {"base_model": base}, "readme": "A model."})
    assert row["base_model_info"] is False


@pytest.mark.parametrize("word", ["None", "TBD", "unknown", "N/A", "./llama", "/home/me/llama", "to be announced"])
def test_a_label_without_a_name_names_no_base_model(word):
    for label in ("Base model", "Fine-tuned from", "- **Parent model**"):
        assert read({"id": "a/m-lora", "tags": ["x"], "readme": f"{label}: {word}"})["base_model_info"] is False


@pytest.mark.parametrize("name", ["json_dataset", "image_folder", "folder", "custom_dataset", "none specified"])
def test_a_loader_by_another_name_is_no_data_set(name):
    assert read({"cardData": {"datasets": [name]}, "readme": "A model."})["dataset_info"] is False


def test_a_heading_over_the_name_of_a_loader_tells_of_no_data():
    for name, topics in (("imagefolder", 0), ("squad", 1)):
        row = read({"readme": f"# A\n\n## Training data\n\n{name}\n"})
        assert (row["card_topics"], row["dataset_info"]) == (topics, False)  # data sets count from the metadata alone


def test_a_result_of_the_hub_without_a_value_is_none():
    assert read({"evalResults": [{"data": {"dataset": {"id": "x"}}}], "readme": "A"})["evaluation_results"] is False
    assert read({"evalResults": [{"data": {"value": 3.1}}], "readme": "A"})["evaluation_results"] is True
