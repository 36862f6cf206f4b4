"""The name check: each rule by hand-checked cases, and the bars it must keep on real and on generated names."""

import csv
import string
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.curated import tables
from data.models import name_check
from data.models.facts import facts

PAIRS = Path(__file__).parents[2] / "fixtures" / "names" / "hub_pairs.csv"
KNOWN = {owner.lower() for owner in tables.known_owners()}
AS_OF = date(2026, 11, 1)
LETTERS = string.ascii_letters + string.digits + "-"


def read(record: dict[str, Any], **more: Any) -> dict[str, Any]:
    return facts({"id": "quiet-reef/thing"} | record | more, AS_OF)


def listed(*names: str) -> dict[str, Any]:
    return {"siblings": [{"rfilename": name} for name in names]}


def all_owners():
    return sorted(record.owner for record in tables._owners().values())


def hub_pairs(label):
    with PAIRS.open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["label"] == label]


def owner_of(name):
    return name.split("/")[0]


# The rules


@pytest.mark.parametrize(
    ("owner", "known"),
    [
        ("rnistralai", "mistralai"),  # rn for m
        ("rnicrosoft", "microsoft"),
        ("Qvven", "Qwen"),  # vv for w
        ("meta-IIama", "meta-llama"),  # capital I for l
        ("aIIenai", "allenai"),
        ("MiniMaxAl", "MiniMaxAI"),  # l for capital I
        ("g00gle", "google"),  # 0 for o
        ("0penai", "openai"),
        ("app1e", "apple"),  # 1 for l
        ("deepseek_ai", "deepseek-ai"),  # another separator
        ("deepseekai", "deepseek-ai"),  # none
        ("stability-ai", "stabilityai"),
        ("B.A.A.I", "BAAI"),
    ],
)
def test_the_same_to_the_eye_is_high(owner, known):
    risk = name_check.check(owner)
    assert (risk.level, risk.looks_like) == ("high", known)
    assert risk.reason.startswith(f"looks like {known}")


@pytest.mark.parametrize(
    ("owner", "known"),
    [
        ("qwne", "Qwen"),  # a swap of neighbours is one edit
        ("opneai", "openai"),
        ("gogle", "google"),
        ("googgle", "google"),
        ("nvidla", "nvidia"),  # l for a small i is near, not the same
        ("EleuterAI", "EleutherAI"),
        ("sentence-transfromer", "sentence-transformers"),  # two edits of a long name
    ],
)
def test_near_alone_is_low(owner, known):
    risk = name_check.check(owner)
    assert (risk.level, risk.looks_like) == ("low", known)


@pytest.mark.parametrize("model", ["gpt-j-6B", "GPT-J-6b", "EleuterAI/gpt-j-6B"])
def test_near_with_a_model_of_the_same_name_is_high(model):
    risk = name_check.check("EleuterAI", ["something-else", model])
    assert (risk.level, risk.looks_like) == ("high", "EleutherAI")
    assert "gpt-j-6b" in risk.reason


def test_near_with_other_models_stays_low():
    assert name_check.check("EleuterAI", ["gpt-j-6B-mine", ""]).level == "low"


def test_the_same_model_name_under_a_name_that_is_not_near_says_nothing():
    assert name_check.check("somebody", ["gpt-j-6B"]).level == "none"


@pytest.mark.parametrize("affix", name_check.AFFIXES)
@pytest.mark.parametrize(
    "pattern", ["{0}{1}", "{0}-{1}", "{0}_{1}", "{0}.{1}", "{1}{0}", "{1}-{0}", "{1}_{0}", "{1}.{0}"]
)
def test_an_affix_is_at_least_low(affix, pattern):
    owner = pattern.format(affix, "Mistralai")
    risk = name_check.check(owner)
    assert risk.level != "none"
    assert risk.looks_like == "mistralai"


def test_an_affix_alone_is_low_even_with_the_same_model():
    risk = name_check.check("real-google", ["gemma-2b"])
    assert (risk.level, risk.looks_like) == ("low", "google")
    assert risk.reason == "looks like google with 'real' added"


@pytest.mark.parametrize("owner", ["hfl-official", "the-amd", "openai-to-go", "officialopenaix", "team", "hf", "ai"])
def test_an_affix_needs_a_known_core_of_four_characters(owner):
    assert name_check.check(owner).level == "none"


def test_short_names_have_too_many_neighbours():
    assert {"kb", "amd", "mit", "sap"} <= KNOWN
    for owner in ("kbx", "amt", "sap1", "m1t", "map"):
        assert name_check.check(owner).level != "high"
    assert name_check.check("amt").level == "none"
    assert name_check.check("map").level == "low"  # m-a-p has five characters, `map` only three


@pytest.mark.parametrize("owner", ["Qwen", "qWEN", "OPENAI", "amd", "zai-org", "THUDM", "unsloth"])
def test_known_owners_are_never_suspects(owner):
    assert name_check.check(owner, ["gpt-oss-20b"]) == name_check.check(owner)
    assert name_check.check(owner).level == "none"


@pytest.mark.parametrize("owner", ["EmperoAI", "HuggingFaceFW", "INCModel2", "xai-org", "empero-ai"])
def test_siblings_are_left_out(owner):
    assert name_check.check(owner).level == "none"


def test_a_sibling_pair_covers_that_pair_only():
    assert tables.sibling("hku-nlp", "hkunlp")
    risk = name_check.check("hku-nlp")
    assert (risk.level, risk.looks_like) == ("low", "ku-nlp")


@pytest.mark.parametrize("owner", ["opemai", "0penai", "openai", "mistralai-hf", "somebody", "x" * 200, ""])
def test_only_telling_models_are_needed(owner):
    mine = ["gpt-oss-20b", "somebody/GPT-OSS-20B", "my-own", "whisper-large-v3", ""]
    telling = [model for model in mine if name_check.telling(owner, model)]
    assert "my-own" not in telling
    for model in mine:
        assert name_check.check(owner, (model, *telling)) == name_check.check(owner, (model, *mine))
    assert bool(telling) == (owner in ("opemai", "0penai"))


def test_the_wording_accuses_nobody():
    for owner in ("g00gle", "qwne", "real-google", "EleuterAI"):
        assert name_check.check(owner, ["gpt-j-6b"]).reason.startswith("looks like ")


# It never raises and it is fast


@given(st.text(st.characters(), max_size=120), st.lists(st.text(st.characters(), max_size=60), max_size=5))
def test_never_raises(owner, models):
    risk = name_check.check(owner, models)
    assert risk.level in ("none", "low", "high")
    assert (risk.looks_like is None) == (risk.level == "none")


@pytest.mark.parametrize(
    "owner",
    ["", "\ud800", "\udfff" * 90, "q" * 10_000, "-" * 10_000, "İ" * 96, "\x00", "qwen\x00", "🙂" * 40, "q/w", "//"],
)
def test_never_raises_on_the_odd_ones(owner):
    assert name_check.check(owner, [owner, "\ud800"]).level in ("none", "low", "high")


def test_the_whole_long_list_takes_seconds():
    owners = all_owners()
    name_check._by_name.cache_clear()
    began = time.perf_counter()
    for owner in owners:
        name_check.check(owner)
    assert time.perf_counter() - began < 10  # about 0.6 s; a guard against a rule that became quadratic


# The bars


def test_real_owners_are_hardly_ever_flagged():
    suspects = [owner for owner in all_owners() if owner.lower() not in KNOWN]
    risks = {owner: name_check.check(owner) for owner in suspects}
    assert len(suspects) == 10_502
    assert [owner for owner, risk in risks.items() if risk.level == "high"] == []
    low = [owner for owner, risk in risks.items() if risk.level == "low"]
    assert len(low) <= 0.0035 * len(suspects), low


def test_cross_owner_hard_negatives_are_not_flagged():
    pairs = [row for row in hub_pairs("hard_negative") if owner_of(row["name"]) != owner_of(row["target"])]
    assert len(pairs) == 193
    flagged = [row for row in pairs if name_check.check(owner_of(row["name"]), [row["name"]]).level != "none"]
    assert len(flagged) <= 0.01 * len(pairs), flagged


def test_known_cases():
    """Most real cases copy a model under an unrelated owner: an owner check cannot see them, and the page says so."""
    pairs = hub_pairs("positive")
    found = {row["name"] for row in pairs if name_check.check(owner_of(row["name"]), [row["name"]]).level != "none"}
    assert len(pairs) == 12
    assert found == {"EleuterAI", "EleuterAI/gpt-j-6B", "Open-OSS/privacy-filter"}
    assert name_check.check("EleuterAI", ["EleuterAI/gpt-j-6B"]).level == "high"


def every_typo(owner):
    """Every insertion, deletion, substitution and swap of neighbours of a name, once in lower case."""
    name = owner.lower()
    found: set[str] = set()
    letters = string.ascii_lowercase + string.digits + "-"
    for i in range(len(name) + 1):
        found.update(name[:i] + c + name[i:] for c in letters)
        found.add(name[:i] + name[i + 1 :])
        if i < len(name):
            found.update(name[:i] + c + name[i + 1 :] for c in letters)
        if i + 1 < len(name):
            found.add(name[:i] + name[i + 1] + name[i] + name[i + 2 :])
    return found - {name, ""}


def excused(typo, owner):
    return typo.lower() in KNOWN or tables.sibling(typo, owner)


def test_every_typo_of_the_first_names_is_found():
    """All typos of a sample of the known owners; hypothesis draws from the rest below."""
    seen = found = 0
    for owner in tables.known_owners()[::40]:
        for typo in sorted(every_typo(owner)):
            if not excused(typo, owner):
                seen += 1
                found += name_check.check(typo).level != "none"
                assert name_check.check(typo).level != "none" or len(owner) < 4, (owner, typo)
    assert found >= 0.95 * seen


@st.composite
def typos(draw):
    owner = draw(st.sampled_from([known for known in tables.known_owners() if len(known) >= 4]))
    place = draw(st.integers(0, len(owner) - 1))
    letter = draw(st.sampled_from(LETTERS))
    match draw(st.sampled_from(["insert", "delete", "substitute", "swap"])):
        case "insert":
            return owner, owner[:place] + letter + owner[place:]
        case "delete":
            return owner, owner[:place] + owner[place + 1 :]
        case "substitute":
            return owner, owner[:place] + letter + owner[place + 1 :]
        case _:
            place = min(place, len(owner) - 2)
            return owner, owner[:place] + owner[place + 1] + owner[place] + owner[place + 2 :]


@settings(max_examples=1500, deadline=None)
@given(typos())
def test_one_edit_of_any_known_name_is_found(drawn):
    owner, typo = drawn
    if not excused(typo, owner):
        assert name_check.check(typo).level != "none"


def test_nineteen_of_twenty_typos_of_all_known_owners_are_found():
    """The short names pull the share down: they have neighbours everywhere and are not compared."""
    seen = found = 0
    for i, owner in enumerate(tables.known_owners()):
        candidates = sorted(every_typo(owner))
        for typo in candidates[i % 7 :: max(1, len(candidates) // 12)]:
            if not excused(typo, owner):
                seen += 1
                found += name_check.check(typo).level != "none"
    assert seen > 10_000
    assert found >= 0.95 * seen


@pytest.mark.parametrize("owner", ["Open-OSS", "open-models", "Mistral_Labs", "eleuther-research"])
def test_another_general_word_in_place_of_the_owners_own_is_low(owner):
    risk = name_check.check(owner)
    assert risk.level == "low"
    assert " in place of 'ai'" in risk.reason


def test_a_general_word_beside_another_core_is_no_likeness():
    for owner in ("quiet-labs", "opensource-dev", "open-thoughts", "opendata"):
        assert name_check.check(owner).level == "none"


@pytest.mark.parametrize("name", ["gpt_oss_20b", "gpt.oss.20b", "GPTOSS20B", "gpt-oss-20b"])
def test_a_name_is_the_same_in_every_spelling(name):
    assert name_check.check_model("quiet-reef", name, None, None, scripts=True).level == "high"
    assert name_check.check_model("quiet-reef", name, None, None, scripts=False).note
    assert name_check.check_model("quiet-reef", f"my-{name}", None, None, scripts=True).level == "none"


@pytest.mark.parametrize(
    "owner", ["deepseek-ai-models", "ibm-granite-models", "mistralai_group", "meta-llama-research", "openai-labs"]
)
def test_a_general_word_beside_the_whole_name_is_low(owner):
    assert name_check.check(owner).level == "low"


@pytest.mark.parametrize("owner", ["meta-llama-fans", "my-deepseek-ai", "ibm-granites-x", "models-group"])
def test_any_other_word_beside_it_is_none(owner):
    assert name_check.check(owner).level == "none"


# A model's own name, in a record


@pytest.mark.parametrize(
    ("record", "level"),
    [
        ({}, "none"),  # a note, as for every honest copy
        ({"createdAt": "2026-09-20"}, "high"),
        ({"createdAt": "2026-05-08"}, "none"),  # older than ninety days by now
        ({"createdAt": "2026-04-01"}, "none"),  # older than the original
        (listed("model.safetensors", "loader.py", "start.bat"), "high"),
        (listed("model.safetensors", "setup.ps1"), "high"),
        (listed("model.safetensors", "bin/run.exe"), "high"),
        (listed("model.safetensors", "modeling_filter.py"), "high"),  # the original has no such code
        ({"tags": ["custom_code"]} | listed("model.safetensors", "loader.py"), "high"),  # which no tag brings to it
        (listed("model.safetensors", "inference/generate.py"), "none"),
    ],
)
def test_the_exact_name_of_an_official_model(record, level):
    row = read(record, id="quiet-reef/privacy-filter")
    assert row["name_risk"] == level
    assert row["looks_like"] == (None if level == "none" else "openai/privacy-filter")
    assert row["notes"]["name_risk"] == "It has the same name as openai/privacy-filter."


@pytest.mark.parametrize(
    ("model", "name", "level"),
    [
        ("MiniCPM-V-2_6", "modeling_minicpmv.py", "none"),  # the original's as much as its own
        ("MiniCPM-V-2_6", "resampler.py", "none"),
        ("MiniCPM-V-2_6", "start.bat", "high"),
        ("Nemotron-4-Mini-Hindi-4B-Base", "modeling_nemotron.py", "none"),  # no record tells of the original's code
        ("Nemotron-4-Mini-Hindi-4B-Base", "loader.py", "high"),
    ],
)
def test_a_copy_of_a_model_with_code_of_its_own_may_hold_that_code(model, name, level):
    row = read({"tags": ["custom_code"]} | listed("model.safetensors", name), id=f"quiet-reef/{model}")
    assert (row["remote_code"], row["name_risk"]) == (True, level)


def test_the_case_of_may_2026():
    record = {"id": "Open-OSS/privacy-filter", "createdAt": "2026-05-08"} | listed(
        "a.safetensors", "loader.py", "run.bat"
    )
    assert facts(record, date(2026, 5, 9))["name_risk"] == "high"


def test_owners_whom_somebody_knows_may_use_any_name():
    for owner in ("openai", "google", "unsloth"):
        row = read(listed("loader.py"), id=f"{owner}/privacy-filter")
        assert (row["name_risk"], row["notes"]) == ("none", {})
    assert read({"authorData": {"isVerified": True}}, id="quiet-reef/privacy-filter")["notes"] == {}
    assert read({}, id="quiet-reef/Llama-3.1-8B-Instruct-GGUF")["notes"] == {}  # conversions share names by custom


@pytest.mark.parametrize(
    "name", ["start.lnk", "a.hta", "a.jar", "a.js", "x/a.apk", "setup.com", "run.bat.zip", "l.pyc"]
)
def test_every_program_beside_a_copied_name_makes_it_high(name):
    record = {"id": "quiet-reef/gpt-oss-20b", "createdAt": "2025-08-10T00:00:00Z", **listed("m.safetensors", name)}
    assert read(record)["name_risk"] == "high"


def test_few_models_of_unknown_owners_are_noted_and_hardly_any_is_high(bundled):
    unknown = bundled.facts[bundled.facts["provider"].fillna(0) == 0]
    names = [str(model).split("/", 1) for model in unknown["id"] if "/" in model]
    noted = [name for name in names if name_check.check_model(name[0], name[1], None, None, scripts=False).note]
    assert len(unknown) > 3000
    assert 0 < len(noted) <= 0.015 * len(unknown)
    assert (unknown["name_risk"] == "high").sum() <= 0.001 * len(unknown)
