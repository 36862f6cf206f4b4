"""A link about organisations says a whole view, leaves out what is usual, and is forgiving with a sentence."""

from urllib.parse import parse_qs

import pytest

from scoring.influence_view import KEYS, InfluenceView, parse, standard, weighs
from scoring.scorecards import ORGANISATION
from scoring.view import LONGEST_LINK

MONTHS = ["2025-07-07", "2025-08-07", "2025-09-07"]
NAMES = ["BAAI", "Meta", "Princeton NLP"]


def read(query):
    return parse(parse_qs(query, keep_blank_values=True), MONTHS, NAMES)


def test_what_is_usual_is_left_out():
    assert InfluenceView().query() == {}
    assert InfluenceView(weights={"data": 1.0}).link("/organisations") == "/organisations"
    assert read("month=2025-09-07&method=documented&model=1") == (InfluenceView(), [])


def test_a_view_survives_its_own_link():
    weights = {"model": 0.5, "data_num_language": 3.0, "model_group_model_usage_volume": 2.0}
    view = InfluenceView(month="2025-08-07", method="published", weights=weights, only=("Princeton NLP", "Meta"))
    address = view.link("https://example.org/organisations")
    assert read(address.partition("?")[2]) == (view, [])


def test_a_weight_that_is_the_methods_own_is_no_change():
    assert standard("published")["model"] == 3
    assert read("method=published&model=3")[0].weights == {}
    assert read("model=3")[0].weights == {"model": 3.0}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("month=2025-08-01", "There is no month 2025-08-01; the nearest are 2025-08-07, 2025-07-07, 2025-09-07."),
        ("month=soon", "“soon” is no month"),
        ("method=publishd", "There is no method “publishd”; the methods are documented,"),
        ("only=Metta", "There is no organisation “Metta”; the nearest are Meta."),
        ("data=nan", "data=“nan” is not a number from 0 to 100."),
        ("data=-1", "data=“-1” is not a number"),
        ("preset=adoption", "“preset” is not a setting of the organisation pages."),
        ("data=0&model=0&system=0&benchmark=0", "All weights are zero, so nothing can be ranked"),
    ],
)
def test_what_cannot_be_understood_is_ignored_and_said(query, said):
    view, notes = read(query)
    assert view == InfluenceView()
    assert len(notes) == 1
    assert notes[0].startswith(said)


def test_names_are_found_without_case_and_once():
    assert read("only=meta&only=META")[0].only == ("Meta",)


def test_the_keys_of_pages_are_no_view():
    assert read("organisation=Meta&behind=model_likes") == (InfluenceView(), [])
    assert KEYS.isdisjoint({"organisation", "behind"})


def test_a_link_stays_short_and_a_view_without_weights_is_known():
    view = InfluenceView(only=tuple(f"A long name of an organisation {n}" for n in range(90)))
    assert len(view.link("/organisations")) < LONGEST_LINK
    assert not weighs(InfluenceView(weights={c.id: 0.0 for c in ORGANISATION.categories}))
    assert weighs(InfluenceView(weights={"data": 0.0}))
