"""What others report of a model becomes words, and the furthest that is open; nothing is concluded from silence."""

import pytest
from hypothesis import given

from data.models.reported import SHOWN, reported
from tests.records import odd

WEIGHTS = {"weights_endmodel": "open"}
DATA = {"datasources_basemodel": "open", "datasources_endmodel": "open"}
NOTHING = {"Datasets": "", "Training code": ""}


@pytest.mark.parametrize(
    ("record", "level"),
    [
        ({}, None),
        ({"osai": WEIGHTS | DATA}, "open_data"),
        ({"osai": WEIGHTS | DATA | {"datasources_basemodel": "partial"}}, "open_weights"),
        ({"osai": WEIGHTS | {"trainingcode": "open"}}, "open_code"),
        ({"osai": {"weights_endmodel": "partial", "trainingcode": "partial"}}, "open_weights"),
        ({"osai": {"weights_endmodel": "closed", "trainingcode": "open"}}, None),
        ({"mof": {"Model parameters (Final)": "Gemma", "Datasets": "MIT"}}, "open_data"),
        ({"mof": {"Model parameters (Final)": "", "Training code": "Apache 2.0", "Datasets": ""}}, "open_code"),
        ({"mof": NOTHING | {"Model parameters (Final)": "", "Datasets": "Gemma"}}, "open_weights"),
        ({"mof": {"Datasets": "MIT"}}, None),
        ({"mteb": {"open_weights": "True", "public_training_code": "https://x.org"}}, "open_code"),
        ({"mteb": {"open_weights": "True", "public_training_data": "https://x.org"}}, "open_data"),
        ({"mteb": {"open_weights": "False", "public_training_data": "https://x.org"}}, None),
        ({"osai": WEIGHTS, "mteb": {"open_weights": "True", "public_training_data": "x"}}, "open_weights"),
    ],
)
def test_the_furthest_that_is_open(record, level):
    assert reported(record)["openness"] == level


def test_reviews_in_words():
    found = reported(
        {
            "osai": {"code": "closed", "weights_endmodel": "open", "datasheet": "closed"},
            "mof": {"Model card": "", "Datasets": "MIT", "Research paper": ""},
            "mteb": {"license": "mit", "open_weights": "True", "public_training_code": "https://x.org"},
        }
    )
    assert found["osai"] == "open: end user model weights; closed: code documentation, datasheet"
    assert found["mof"] == "MIT: Datasets; no licence: Model card, Research paper"
    assert found["mteb"] == "open weights; licence mit; training code https://x.org"


def result(value, by=None, data_set="MMLU"):
    metric = {"type": "acc", "name": "accuracy", "value": value}
    source = {"source": {"name": by}} if by else {}
    return {"dataset": {"name": data_set, "type": "x/mmlu"}, "metrics": [metric]} | source


def test_results_stand_under_who_reports_them():
    results = [
        result(34.8512, "A board"),
        result(5),
        result(float("nan")),
        result("n/a"),
        result(1.5, "A board", "IFEval"),
    ]
    found = reported({"model-index": [{"results": results}]})
    assert found["results"] == "A board: MMLU accuracy 34.85, IFEval accuracy 1.5; its own card: MMLU accuracy 5"
    assert found["results_by"] == "A board, its own card"
    assert reported({"cardData": {"model-index": [{"results": results}]}}) == found


def test_results_of_the_hub_and_no_more_than_are_shown():
    sent = [{"data": {"dataset": {"id": "org/set"}, "value": n}, "source": {"name": "A lab"}} for n in range(30)]
    found = reported({"evalResults": sent})
    assert found["results_by"] == "A lab"
    assert found["results"].startswith("A lab: org/set 0, org/set 1,")
    assert found["results"].count("org/set") == SHOWN


def test_nothing_reported_is_unknown():
    assert set(reported({"id": "a/b"}).values()) == {None}
    assert reported({"model-index": [{"results": [result(None)]}]})["results_by"] is None


@given(odd, odd, odd)
def test_whatever_a_record_holds(one, other, third):
    index = [{"results": [{"dataset": one, "metrics": [{"name": other, "value": 1.0}], "source": third}]}]
    for record in (
        {"osai": one, "mof": other, "mteb": third, "model-index": one, "evalResults": other, "cardData": third},
        {"osai": {"code": one}, "mof": {"Datasets": other}, "mteb": {"license": third}, "model-index": index},
    ):
        assert all(value is None or value for value in reported(record).values())
