"""Who leads and how firm that is, in words that need no formula."""

import numpy as np
import pyarrow as pa
import pytest

from data.organisations.month import load
from data.organisations.rollup import rollup
from scoring.methods import METHODS
from scoring.reasons.comparison import agreement
from scoring.reasons.influence import NAMES, compared, firmness, leads, name, of_100, stands, uneven
from scoring.scorecards import influence

ROLLED = {reading: rollup(load(), reading) for reading in ("documented", "published")}
SCORES = {m.id: influence(ROLLED[m.reading].facts, m) for m in METHODS.values()}


def test_names_are_those_of_ranked_organisations():
    assert set(NAMES) < set(load().ids)
    assert (name("Ali"), name("Meta")) == ("Alibaba", "Meta")


def test_the_leader_its_places_and_who_else_could_lead():
    said = leads(SCORES["documented"])
    assert said.startswith("BAAI leads: it is 1st in systems, 3rd in benchmarks, 6th in data and 7th in models.")
    assert "Alibaba leads if models alone count" in said
    assert "Ai2 leads if data alone counts" in said


def test_a_shared_first_place_says_so():
    scores = influence(ROLLED["documented"].facts, weights={"data": 0, "model": 0, "benchmark": 0})
    shared = influence(ROLLED["documented"].facts.slice(0, 1))
    assert leads(shared).startswith("BAAI leads: it is 1st in")
    assert leads(scores).startswith("BAAI leads")


def test_where_an_organisation_stands():
    scores = SCORES["documented"]
    assert stands(scores, scores.position["Ai2"]) == (
        "7th of 32: 1st in data, 4th in models, 14th in systems and 14th in benchmarks"
    )


def test_how_firm_the_first_place_is():
    one = SCORES["documented"]
    said = firmness("BAAI", agreement(one, [SCORES["documented_flat"], SCORES["published"]]))
    assert said.startswith(
        "The first place is not firm: Meta is first if ranks in the dimensions are added up (“As published”)."
    )
    assert said.endswith("much the same order.")
    firm = firmness("BAAI", agreement(one, [one]))
    assert firm.startswith("The first place is firm: BAAI is first however it is counted.")
    assert firm.endswith("almost the same order.")
    assert "Nobody can say" in firmness("BAAI", [])


@pytest.mark.parametrize("method", METHODS)
def test_scores_of_100_are_the_same_scores(method):
    shown, scores = of_100(SCORES[method]), SCORES[method]
    np.testing.assert_allclose(shown.total, 100 * scores.total)
    np.testing.assert_allclose(shown.category_values, 100 * scores.category_values)
    assert shown.rank.tolist() == scores.rank.tolist()
    assert shown.position["Alibaba"] == scores.position["Ali"]


def test_months_compare_on_what_counts_in_all_of_them_where_it_is_known():
    series = {month: influence(rollup(load(month)).facts, as_of=month) for month in ("2025-02-14", "2025-03-07")}
    assert uneven(series.values()) == frozenset()
    words = compared(series, ())
    assert words.startswith("Ranks rest on 56 (14 February 2025) and 62 (7 March 2025) indicators;")
    early, late = (rollup(load(month)).facts for month in series)
    here = late.column_names.index("system_contributors")
    known = late.set_column(here, "system_contributors", pa.array(map(float, range(late.num_rows))))
    mixed = {"2025-02-14": series["2025-02-14"], "2025-03-07": influence(known)}
    apart = uneven(mixed.values())
    assert apart == {"system_contributors"}
    same = {month: influence(facts, without=apart) for month, facts in (("2025-02-14", early), ("2025-03-07", known))}
    assert uneven(same.values()) == frozenset()
    assert same["2025-03-07"].usual_shares == pytest.approx(series["2025-03-07"].usual_shares)
    assert "because in some it is known for too few: Contributors (System); so" in compared(same, apart)
    assert compared({"2025-03-07": influence(late)}, ()) == "Ranks rest on the same 62 indicators in every month."
