"""Records of the Hub by hand, in every shape that it is known to return, and the facts that they give."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.models import records
from data.models.facts import FACTS, by_account, facts, origin
from tests.records import AS_OF, WHOLE, hub, odd, odd_records, row_of, values_of


def test_nothing_collected_is_nothing_known():
    row = row_of({})
    owners = {"owner": "somebody", "name_risk": "none"}
    assert {k: v for k, v in row.items() if v is not None} == owners | {"id": "somebody/model", "notes": {}}


def test_every_fact_has_a_column_and_every_column_is_declared():
    row = row_of({})
    assert set(row) == {*FACTS, "id", "notes"}
    assert all(fact.keys and fact.words and fact.dtype in ("string", "Int64", "boolean") for fact in FACTS.values())


@pytest.mark.parametrize(
    ("sha", "revision"),
    [("0F" * 20, "0f" * 20), ("main", None), ("0f" * 32, None), (5, None), (None, None), ("0f" * 20 + "\n<b>", None)],
)
def test_a_revision_is_a_whole_commit_or_unknown(sha, revision):
    assert row_of({"sha": sha})["revision"] == revision


# Popularity


@pytest.mark.parametrize(
    ("record", "downloads", "not_counted"),
    [
        ({"downloads": 5}, 5, None),
        ({"downloads": 0}, 0, None),  # a real zero
        ({"downloads": 0, "likes": 19}, 0, None),
        ({"downloads": 0, "likes": 20}, None, True),
        ({"downloads": 0, "likes": 0, "spaces": ["a/b"]}, None, True),
        ({"downloads": 0, "spaces_count": 1}, None, True),
        ({"downloads": 0, "spaces": []}, 0, None),
        ({"downloads": 3, "likes": 9000}, 3, None),
        ({}, None, None),
        ({"downloads": None}, None, None),
        ({"downloads": -1}, None, None),
        ({"downloads": 10**30}, None, None),
    ],
)
def test_zero_downloads_beside_signs_of_use_are_not_counted_and_so_unknown(record, downloads, not_counted):
    row = row_of(record)
    assert (row["downloads_30d"], row["downloads_not_counted"]) == (downloads, not_counted)
    assert ("downloads_30d" in row["notes"]) == bool(not_counted)


@pytest.mark.parametrize(
    ("record", "spaces", "at_least"),
    [
        ({"spaces": [f"o/{n}" for n in range(100)]}, 100, True),
        ({"spaces": [f"o/{n}" for n in range(99)]}, 99, False),
        ({"spaces": []}, 0, False),
        ({"spaces_count": 100}, 100, True),
        ({"spaces_count": 250}, 250, False),  # counted by pages, not cut at the list's end
        ({"spaces_count": 7, "spaces": ["a/b"]}, 7, False),
        ({"spaces": ["a/b"], "_incomplete": ["spaces"]}, 1, True),
        ({"spaces": None}, None, None),
        ({"spaces": "a/b"}, None, None),
        ({"spaces_count": -1}, None, None),
    ],
)
def test_a_full_list_of_spaces_is_a_lower_bound(record, spaces, at_least):
    assert values_of(record, "spaces", "spaces_at_least") == (spaces, at_least)


@pytest.mark.parametrize(
    ("record", "papers", "at_least"),
    [
        ({"tags": ["arxiv:2401.00001", "arxiv:2401.00001v3", "ArXiv:2401.00001 ", "arxiv:1706.03762"]}, 2, False),
        ({"tags": ["pytorch"]}, 0, False),
        ({"tags": ["arxiv:2401.00001"], "_incomplete": ["tags"]}, 1, True),
        ({"tags": ["pytorch"], "_incomplete": ["tags"]}, None, None),  # cut short before any was seen
        ({"tags": ["arxiv:1"], "_incomplete": ["tags"], "readme": "https://arxiv.org/abs/2401.00001"}, 2, False),
        ({"readme": "See https://arxiv.org/pdf/2401.00001v2 and https://huggingface.co/papers/1706.03762"}, 2, False),
        ({"readme": "No paper."}, 0, False),
        ({"tags": []}, 0, False),
        ({"tags": ["arxiv:"]}, 0, False),
        ({"tags": None}, None, None),
        ({"tags": "arxiv:2401.00001"}, 1, True),
    ],
)
def test_papers_are_distinct_links_to_arxiv(record, papers, at_least):
    assert values_of(record, "papers", "papers_at_least") == (papers, at_least)


@pytest.mark.parametrize(
    ("record", "found"),
    [
        ({"readme": "Code: https://github.com/org/repo"}, True),
        ({"readme": "Made with https://github.com/huggingface/transformers"}, False),
        ({"readme": ""}, False),
        ({"tags": ["pytorch"]}, None),
        ({"readme": None}, None),
        ({"readme": 7}, None),
    ],
)
def test_a_github_repository_is_read_from_the_card_alone(record, found):
    assert values_of(record, "github_repo") == (found,)


def test_threads_are_counted_as_the_community_tab_does():
    assert values_of({"community": 12, "pull_requests": 3}, "discussions", "pull_requests") == (12, 3)
    assert values_of({"community": -1}, "discussions", "pull_requests") == (None, None)
    assert values_of({"community": 0}, "discussions") == (0,)


# Age


@pytest.mark.parametrize(
    ("created", "day", "age", "at_least"),
    [
        ("2025-10-08T00:00:00.000Z", "2025-10-08", 365, False),
        ("2025-10-08", "2025-10-08", 365, False),
        ("2022-03-02T23:29:04.000Z", "2022-03-02", 1681, True),  # the Hub's first day: this old or older
        ("2022-03-02", "2022-03-02", 1681, True),
        ("2022-03-03", "2022-03-03", 1680, False),
        ("2020-01-01", "2020-01-01", 2472, False),  # known from elsewhere, to the day
        (1_759_881_600_000, "2025-10-08", 365, False),
        ("2026-10-08", "2026-10-08", 0, False),
        ("2027-01-01", "2027-01-01", 0, False),
        ("soon", None, None, None),
        (None, None, None, None),
    ],
)
def test_age_runs_to_the_day_on_which_it_was_read(created, day, age, at_least):
    assert values_of({"createdAt": created}, "created", "age_days", "age_at_least") == (day, age, at_least)


def test_every_date_is_counted_at_the_day_of_the_snapshot():
    record: dict[str, Any] = {"createdAt": "2024-01-01", "lastModified": "2024-03-01"}
    record["_provenance"] = {"createdAt": ["a list", "2024-12-31"], "lastModified": ["a crawl", "2024-03-11"]}
    assert values_of(record, "age_days", "days_since_update") == (1011, 951)
    assert origin(record, "createdAt", AS_OF) == ("a list", "2024-12-31")
    assert origin(record, "likes", AS_OF) == ("Hugging Face Hub", "2026-10-08")


@pytest.mark.parametrize("odd_one", [None, 5, [], ["x"], ["x", "never"], {"a": 1}, ["a", "2024-01-01", "b"], "2024"])
def test_a_broken_provenance_falls_back_to_the_hub(odd_one):
    assert origin({"_provenance": {"likes": odd_one}}, "likes", AS_OF) == ("Hugging Face Hub", "2026-10-08")
    assert origin({"_provenance": odd_one}, "likes", AS_OF) == ("Hugging Face Hub", "2026-10-08")


def test_a_date_in_the_future_is_clamped_with_a_note():
    row = row_of({"createdAt": "2026-10-09", "lastModified": "2030-01-01T00:00:00Z"})
    assert (row["age_days"], row["days_since_update"]) == (0, 0)
    assert row["notes"] == {
        "age_days": "The date 2026-10-09 lies after 2026-10-08, the day of this snapshot; counted as that day.",
        "days_since_update": "The date 2030-01-01 lies after 2026-10-08, the day of this snapshot; "
        "counted as that day.",
    }


# Access


@pytest.mark.parametrize(
    ("record", "authorization", "gated"),
    [
        ({"gated": False}, "none", False),
        ({"gated": True}, "automatic", True),
        ({"gated": "auto"}, "automatic", True),
        ({"gated": "manual"}, "manual", True),
        ({"gated": " Manual "}, "manual", True),
        ({"gated": "sometimes"}, None, None),
        ({"gated": None}, None, None),
        ({"gated": 1}, None, None),
        ({"gated": []}, None, None),
        ({}, None, None),
        ({"private": True}, "private", None),
        ({"private": True, "gated": "auto"}, "private", True),
        ({"private": False, "gated": False}, "none", False),
        ({"private": False}, None, None),
    ],
)
def test_access(record, authorization, gated):
    assert values_of(record, "authorization", "gated") == (authorization, gated)


# Owner and lineage


@pytest.mark.parametrize(
    ("model_id", "record", "provider", "risk"),
    [
        ("openai/whisper", {}, 2, "none"),
        ("OpenAI/whisper", {}, 2, "none"),
        ("nobody-knows-me-at-all/x", {}, None, "none"),
        ("nobody-knows-me-at-all/x", {"authorData": {"isVerified": True}}, 2, "none"),
        ("nobody-knows-me-at-all/x", {"authorData": {"isVerified": "yes"}}, None, "none"),
        ("0penai/whisper", {}, None, "high"),
        ("gpt2", {}, None, None),
    ],
)
def test_owner(model_id, record, provider, risk):
    row = facts(record | {"id": model_id}, AS_OF)
    assert (row["provider"], row["name_risk"]) == (provider, risk)
    assert row["owner"] == (model_id.split("/")[0] if "/" in model_id else None)


def test_models_of_the_same_name_make_a_near_owner_look_like_the_known_one():
    near = {"id": "EleuterAI/something"}
    assert facts(near, AS_OF)["name_risk"] == "low"
    assert facts(near, AS_OF, ["gpt-j-6b"])["name_risk"] == "high"
    together = records.rows([near, {"id": "EleuterAI/gpt-j-6b"}, {"id": "x/y"}], AS_OF)
    assert [row["name_risk"] for row in together] == ["high", "high", "none"]


@pytest.mark.parametrize(
    ("model_id", "record", "lineage", "info", "base"),
    [
        # stated, in each of its shapes
        ("a/m", {"tags": ["base_model:Qwen/Qwen3-8B"]}, "derivative", True, "qwen/qwen3-8b"),
        ("a/m", {"tags": ["base_model:finetune:Qwen/Qwen3-8B"]}, "derivative", True, "qwen/qwen3-8b"),
        ("a/m", {"cardData": {"base_model": "Qwen/Qwen3-8B"}}, "derivative", True, "Qwen/Qwen3-8B"),
        ("a/m", {"cardData": {"base_model": ["Qwen/Qwen3-8B", "b/c"]}}, "derivative", True, "Qwen/Qwen3-8B"),
        ("a/m", {"readme": "---\nbase_model: b/c\n---\n"}, "derivative", True, "b/c"),
        ("openai/m", {"tags": ["base_model:b/c"]}, "derivative", True, "b/c"),
        # itself: nothing stated
        ("a/m", {"tags": ["base_model:A/M"]}, None, None, None),
        ("a/m", {"cardData": {"base_model": ["a/m", "b/c"]}}, "derivative", True, "b/c"),
        # derived, and does not say from what
        *((f"a/model-{word}", WHOLE, "derivative", False, None) for word in ("GGUF", "awq", "4bit", "int4", "fp8")),
        *((f"a/model_{word}", WHOLE, "derivative", False, None) for word in ("lora", "merge", "Distill", "heretic")),
        *((f"a/model.{word}", WHOLE, "derivative", False, None) for word in ("gptq", "mlx", "onnx", "abliterated")),
        ("openai/model-gguf", WHOLE, "derivative", False, None),
        ("a/model", {"library_name": "peft", "tags": []}, "derivative", False, None),
        ("TheBloke/model", WHOLE, "derivative", False, None),
        ("a/Llama-3-mine", WHOLE, "derivative", False, None),
        ("a/model-gguf", {}, "derivative", None, None),  # nobody looked at what it states
        ("a/model-gguf", {"tags": ["x"], "_incomplete": ["tags"]}, "derivative", None, None),
        # original: an official owner, and none of these
        ("openai/whisper-large", WHOLE, "original", None, None),
        ("Qwen/Qwen9", WHOLE, "original", None, None),
        ("openai/whisper-large", {}, None, None, None),
        ("openai/whisper-large", {"tags": [], "_incomplete": ["tags"]}, None, None, None),
        ("a/own-thing", WHOLE, None, None, None),
    ],
)
def test_lineage(model_id, record, lineage, info, base):
    row = facts(record | {"id": model_id}, AS_OF)
    assert (row["lineage"], row["base_model_info"], row["base_model"]) == (lineage, info, base)


# Whatever comes

DEEP: list = []
for _ in range(5000):
    DEEP = [DEEP]
DEEPER: dict = {}
for _ in range(5000):
    DEEPER = {"rfilename": DEEPER, "metadata": DEEPER, "id": DEEPER}
KEYS = sorted({key for fact in FACTS.values() for key in fact.keys} | {"evalResults", "model-index", "authorData"})
MORE = ["_provenance", "_incomplete", "readme_facts", "modelId", "spaces", "gguf", "private", "safetensors", "config"]
ODD = {
    "5,000 lists": DEEP,
    "5,000 objects": DEEPER,
    "10,000 tags": [f"tag:{n}" for n in range(10_000)],
    "a long text": "x" * 2_000_000,
    "a lone surrogate": "\ud800",
    "10**30": 10**30,
    "not a number": float("nan"),
    "minus one": -1,
    "an empty object": {},
    "a list of lists": [[[]], [[1]]],
    "a list of nulls": [None] * 50,
}


@pytest.mark.parametrize("shape", ODD)
def test_no_key_of_any_shape_raises(shape):
    for key in [*KEYS, *MORE]:
        row = facts({"id": "a/b", "tags": ["license:mit"]} | {key: ODD[shape]}, AS_OF)
        assert set(row) == {*FACTS, "id", "notes"}
    everything = facts(dict.fromkeys([*KEYS, *MORE], ODD[shape]), AS_OF)
    records.frame([everything])


@given(odd)
def test_no_record_of_any_shape_raises(record):
    facts(record, AS_OF)


@given(st.lists(odd_records(), max_size=4))
@settings(max_examples=200)
def test_every_row_fits_the_columns_of_the_table(rows):
    read_rows = [facts(record, AS_OF) for record in rows]
    table = records.frame(read_rows)
    assert len(table) == len(rows)
    for row in read_rows:
        for name, fact in FACTS.items():
            kinds = {"string": str, "Int64": int, "boolean": bool}
            assert row[name] is None or type(row[name]) is kinds[fact.dtype], name
            if fact.dtype == "string" and row[name]:
                row[name].encode("utf-8")
            if fact.dtype == "Int64" and row[name] is not None:
                assert 0 <= row[name] < 2**62


@given(hub())
def test_a_fact_depends_on_the_record_and_its_days_alone(record):
    assert facts(record, AS_OF) == facts(record, AS_OF)
    later = facts(record, date(2026, 10, 9))
    aged = ("age_days", "days_since_update", "notes")
    now = facts(record, AS_OF)
    assert {k: v for k, v in later.items() if k not in aged} == {k: v for k, v in now.items() if k not in aged}
    for name in aged[:2]:
        assert now[name] is None or later[name] in (now[name], now[name] + 1)


def test_a_canonical_model_is_no_derivative_of_its_own_family():
    row = facts(
        {"id": "gpt2", "tags": ["transformers", "license:mit"], "library_name": "transformers"}, date(2026, 1, 1)
    )
    assert (row["lineage"], row["base_model_info"]) == (None, None)


@pytest.mark.parametrize(
    ("owner", "account", "by"),
    [
        ("google", {"isVerified": False, "found": True}, False),
        ("google", {"isVerified": True, "found": True}, True),
        ("somebody-new", {"isVerified": False, "found": True}, True),
        ("somebody-new", {}, False),
    ],
)
def test_the_level_of_an_owner_comes_from_the_account_only_where_it_decides(owner, account, by):
    assert by_account({"id": f"{owner}/model", "authorData": account}) is by
