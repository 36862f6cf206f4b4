"""A view of the organisations and its link say the same, as that of the models does."""

from urllib.parse import parse_qs

import pyarrow as pa
import pytest

from scoring.organisation_view import OrganisationView
from scoring.scorecards import ORGANISATION

MONTHS = ["2025-07-07", "2025-08-07", "2025-09-07"]
NAMES = ["BAAI", "Meta", "Princeton NLP"]


def read(query):
    params = parse_qs(query, keep_blank_values=True)
    return OrganisationView.parse(params, {"month": MONTHS, "only": NAMES})


def test_what_is_usual_of_organisations_is_left_out():
    assert OrganisationView(weights={"data": 25.0}).query() == {}
    assert read("month=2025-09-07&method=documented&model=25") == (OrganisationView(), [])


def test_a_weight_that_is_the_methods_own_is_no_change():
    assert OrganisationView(method="published").usual["model"] == 60
    assert read("method=published&model=60")[0].weights == {}
    assert read("model=60")[0].weights == {"model": 60.0}


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ("month=2025-08-01", "There is no month “2025-08-01”; the nearest are 2025-08-07, 2025-07-07, 2025-09-07."),
        ("month=soon", "There is no month “soon”"),
        ("method=publishd", "method=“publishd” is not known; the nearest is published"),
        ("only=Metta", "There is no organisation “Metta”; the nearest is Meta."),
        ("data=nan", "data=“nan” is not a number from 0 to 100."),
        ("data=-1", "data=“-1” is not a number"),
        ("preset=adoption", "“preset” is not a setting of the organisation pages."),
        ("data=0&model=0&system=0&benchmark=0", "All weights are zero, so nothing can be ranked"),
    ],
)
def test_what_cannot_be_understood_of_organisations_is_ignored_with_a_note(query, note):
    view, notes = read(query)
    assert view == OrganisationView()
    assert len(notes) == 1
    assert notes[0].startswith(note)


def test_names_are_found_without_case_and_once():
    assert read("only=meta&only=META")[0].only == ("Meta",)


def test_a_filter_says_whom_it_leaves_out():
    table = pa.table({"id": ["Meta", "BAAI"]})
    assert OrganisationView(only=("Meta",)).left_out(table)["only"].tolist() == [False, True]
    assert OrganisationView().left_out(table) == {}


def test_a_view_without_weights_is_known():
    assert not OrganisationView(weights={c.id: 0.0 for c in ORGANISATION.categories}).weighs
    assert OrganisationView(weights={"data": 0.0}).weighs
