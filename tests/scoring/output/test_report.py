"""The result line: exactly the keys of the design, strict JSON, and every state kept from the record to the line."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.models import records
from scoring.engine import score
from scoring.ground import EVIDENCE
from scoring.output.export import report, reports
from scoring.reasons.flags import FLAGS, flags
from scoring.scorecards import MODEL
from scoring.types import UNKNOWN_POLICIES
from scoring.view import ModelView
from tests.independent import CATEGORIES, FACTORS
from tests.records import AS_OF, frame, hub, weights

KEYS = ["id", "total", "low", "high", "uncapped", "capped_by", "coverage", "ranked", "evidence"]
KEYS += ["categories", "factors", "flags"]


def line(facts, n=0, **options):
    scores = score(MODEL, facts, minimum_coverage=0, **options)
    return said(scores, facts, n)


def said(scores, facts, n):
    held = flags(facts).iloc[n]
    return strict(report(scores, n, facts.iloc[n].to_dict(), [f.id for f in FLAGS if held[f.id]]))


def all_said(scores, facts):
    names = [[f.id for f, holds in zip(FLAGS, held, strict=True) if holds] for held in flags(facts).to_numpy()]
    return map(strict, reports(scores, range(len(facts)), facts.to_dict("records"), names))


def strict(told):
    return json.loads(json.dumps(told, allow_nan=False), parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))


def check(told):
    """Hold a result line to what the design promises of every one."""
    assert list(told) == KEYS
    assert list(told["categories"]) == list(CATEGORIES)
    assert list(told["factors"]) == list(FACTORS)
    for category in told["categories"].values():
        assert set(category) == {"score", "coverage"}
        assert category["score"] is None or 0 <= category["score"] <= 100
        assert 0 <= category["coverage"] <= 1
    for factor in told["factors"].values():
        assert (
            {"value", "state", "scaled", "share", "points"}
            <= set(factor)
            <= {*("value", "state", "scaled", "share", "points", "level", "at_least", "counted", "would_add")}
        )
        assert ("counted" in factor) == ("would_add" in factor)
        if "counted" in factor:
            assert (factor["counted"], factor["share"], factor["points"]) == (False, 0, 0)
            assert (factor["would_add"] is None) == (factor["state"] in ("unknown", "not_applicable"))
        assert factor["state"] in ("known", "absent", "unknown", "not_applicable")
        if factor["state"] in ("unknown", "not_applicable"):
            assert factor["value"] is None
        if factor["state"] == "not_applicable":
            assert (factor["share"], factor["points"], factor["scaled"]) == (0, 0, None)
        assert factor["scaled"] is None or 0 <= factor["scaled"] <= 1
        assert 0 <= factor["share"] <= 1
    assert 0 <= told["low"] <= told["high"] <= 100
    if told["total"] is not None:
        assert told["low"] <= told["total"] <= told["high"]
        assert sum(f["share"] for f in told["factors"].values()) == pytest.approx(1, abs=1e-9)
        assert sum(f["points"] for f in told["factors"].values()) == pytest.approx(told["uncapped"], abs=1e-9)
        assert told["total"] == (min(30, told["uncapped"]) if told["capped_by"] else told["uncapped"])
    else:
        assert told["uncapped"] is None
        assert not told["ranked"]
    assert told["evidence"] in (None, *EVIDENCE)
    assert set(told["flags"]) <= {f.id for f in FLAGS}


def test_one_line_by_hand():
    row = {"id": "a/b", "likes": 99, "spaces": 100, "spaces_at_least": True, "papers": 0, "github_repo": False}
    row |= {"unsafe_files": 3, "unsafe_level": "beside_safe", "weight_formats": "mixed", "hub_scan": "unsafe"}
    row |= {
        "license_stated": False,
        "license_in_metadata": False,
        "lineage": "original",
        "provider": 2,
        "name_risk": "none",
        "gated": True,
    }
    told = line(frame([row]))
    check(told)
    assert (told["id"], told["capped_by"], told["ranked"]) == ("a/b", "hub_scan", True)
    assert told["total"] == pytest.approx(30)
    assert told["flags"] == ["unsafe_scan", "no_licence"]
    found = {i: (f["value"], f["state"], f.get("level"), f.get("at_least")) for i, f in told["factors"].items()}
    assert found["likes"] == (99, "known", None, None)
    assert found["spaces"] == (100, "known", None, True)
    assert found["papers"] == (0, "absent", None, None)
    assert found["github_repo"] == (False, "absent", None, None)
    assert found["downloads"] == (None, "unknown", None, None)
    assert found["unsafe_files"] == (3, "known", "beside_safe", None)
    assert found["safetensors"] == ("mixed", "known", None, None)
    assert found["hub_scan"] == ("unsafe", "known", None, None)
    assert found["provider"] == (2, "known", "official", None)
    assert found["license_stated"] == (False, "absent", None, None)
    assert found["license_type"] == (None, "not_applicable", None, None)
    assert found["base_model_info"] == (None, "not_applicable", None, None)
    assert found["gated"] == (True, "known", None, None)
    assert isinstance(told["factors"]["likes"]["value"], int)


def test_nothing_known_at_all_is_no_total():
    for unknown in UNKNOWN_POLICIES:
        told = line(frame([{}]), unknown=unknown)
        check(told)
        assert (told["total"], told["low"], told["high"], told["coverage"]) == (None, 0, 100, 0)


def test_a_bound_is_said_of_the_number_that_it_bounds():
    row = {"age_days": 2000, "age_at_least": True, "days_since_update": 30, "papers": 1, "papers_at_least": False}
    told = line(frame([row]))["factors"]
    assert told["age"]["at_least"] is True
    assert told["age"]["value"] == 2000
    assert "at_least" not in told["papers"]


def test_known_absent_unknown_and_not_applicable_stay_apart_from_the_record_to_the_line():
    """One record of the Hub, and what is said of each of its factors."""
    record = {
        "id": "Qwen/Qwen9-Tiny",  # an official owner, and a name of its own family
        "tags": ["safetensors", "arxiv:2401.00001", "region:us"],  # no licence, no base model: an original
        "downloads": 0,
        "likes": 0,
        "spaces": [f"o/s{n}" for n in range(100)],
        "createdAt": "2022-03-02T23:29:04.000Z",
        "lastModified": "2026-10-01T00:00:00.000Z",
        "gated": False,
        "siblings": [{"rfilename": "config.json"}],
        "securityRepoStatus": {"scansDone": False, "filesWithIssues": []},
        "_provenance": {"likes": ["a crawl", "2026-05-04"]},
    }
    told = line(records.frame(records.rows([record], AS_OF)))
    check(told)
    found = {i: (f["state"], f["value"]) for i, f in told["factors"].items()}
    unknown = ("unknown", None)
    assert found == {
        "downloads": unknown,  # 0 beside 100 Spaces: not counted
        "likes": ("absent", 0),
        "spaces": ("known", 100),
        "papers": ("known", 1),
        "github_repo": unknown,
        "discussions": unknown,
        "pull_requests": unknown,
        "provider": ("known", 2),
        "age": ("known", 1681),
        "authorization": ("known", "none"),
        "gated": ("absent", False),
        "license_stated": ("absent", False),
        "license_type": ("not_applicable", None),
        "metric_info": unknown,
        "dataset_info": ("absent", False),
        "training_info": ("absent", False),
        "evaluation_results": ("absent", False),
        "card_topics": unknown,
        "base_model_info": ("not_applicable", None),
        "safetensors": ("not_applicable", None),
        "unsafe_files": ("absent", 0),
        "hub_scan": unknown,
        "example_code": unknown,
        "remote_code": ("absent", False),
        "typosquatting": ("known", "none"),
        "access_control": ("absent", False),
    }
    assert {i for i, f in told["factors"].items() if f.get("at_least")} == {"spaces", "age", "license_stated"}
    assert told["flags"] == ["downloads_not_counted"]


@given(st.lists(hub(), min_size=1, max_size=4), weights(), st.sampled_from(UNKNOWN_POLICIES), st.booleans())
@settings(max_examples=30)
def test_every_line_of_generated_records_keeps_the_promises(rows, weight, unknown, capped):
    table = records.frame(records.rows(rows, AS_OF))
    card = MODEL.with_weights(weight)
    try:
        card.shares()
    except ValueError:
        return
    scores = score(card, table, unknown=unknown, capped=capped)
    for told in all_said(scores, table):
        check(told)


@pytest.mark.parametrize("count", ["all", "common"])
def test_every_line_of_the_bundle_keeps_the_promises(bundled, count):
    scores = ModelView(count=count).score(bundled)
    uncounted = {f.id for f in MODEL.factors} - set(bundled.common_ground) if count == "common" else set()
    some = range(0, len(bundled.facts), 20)
    for told in map(strict, reports(scores, some, bundled.facts.iloc[some].to_dict("records"), [[]] * len(some))):
        check(told)
        assert told["evidence"] is not None
        assert {i for i, factor in told["factors"].items() if "counted" in factor} == uncounted
