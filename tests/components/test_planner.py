"""The plan of an owner: ticking previews the total of this model alone, and says what to write."""

from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from scoring.output.plan import Plan
from scoring.reasons.verdict import Place
from scoring.reasons.whatif import advise, together
from scoring.scorecards import MODEL
from scoring.view import ModelView

GPT2 = "openai-community/gpt2"


def page():
    import streamlit as st

    from components import planner

    planner.plan(*st.session_state["given"])


@pytest.fixture
def given(bundled):
    view = ModelView()
    scores, row = view.score(bundled), bundled.position[GPT2]
    subject, yardstick = bundled.facts.iloc[[row]], bundled.yardstick(MODEL)
    return advise(scores, row, subject, yardstick), scores, row, subject, yardstick


def opened(given, *ticked):
    app = AppTest.from_function(page, default_timeout=30)
    app.session_state["given"], app.session_state["plan"] = given, True
    app.session_state["planned"] = list(ticked)
    assert not app.run().exception
    return app


def test_nothing_ticked_asks_to_choose(given):
    app = opened(given)
    assert app.caption[0].value.startswith("Choose one or more")
    assert not app.code


def test_what_is_ticked_is_scored_together_with_its_yaml(given):
    found, scores, row, subject, yardstick = given
    app = opened(given, "dataset_info", "safetensors")
    chosen = [x for x in found.improvements if x.line.factor.id in ("dataset_info", "safetensors")]
    total, rise = together(scores, row, subject, yardstick, chosen)
    assert sum(x.gain for x in chosen) == pytest.approx(total - scores.total[row])  # of different categories
    rank, ranked = int(scores.rank[row]), int(scores.ranked.sum())
    assert app.markdown[0].value.replace("\\", "") == (
        f"**Total {scores.total[row]:.1f} → {total:.1f}, rank {rank:,} → {rank - rise:,} of {ranked:,} "
        "with 2 improvements.**"
    )
    assert app.code[0].value == "---\ndatasets:\n- OWNER/DATASET\n---"
    assert "convert-weights" in app.markdown[-1].value


def test_everything_together_is_what_the_advice_says(given):
    found, scores, row, subject, yardstick = given
    mended = [x for x in found.improvements if x.kind == "mend"]
    assert together(scores, row, subject, yardstick, mended) == (found.all_mended, found.all_rise)


IMPROVEMENT = SimpleNamespace(line=SimpleNamespace(factor=MODEL.factor("license_stated")))
SENTENCES = {
    "one": (1, Place(rank=1_200, of=5_000), 30, "Total 50.0 → 52.5, rank 1,200 → 1,170 of 5,000 with 1 improvement."),
    "several": (2, Place(rank=3, of=9), 0, "Total 50.0 → 52.5, rank 3 → 3 of 9 with 2 improvements."),
    "not ranked": (1, None, 0, "Total 50.0 → 52.5 with 1 improvement."),
}


@pytest.mark.parametrize(("many", "place", "rise", "sentence"), SENTENCES.values(), ids=list(SENTENCES))
def test_every_case_of_a_plan_is_worded(many, place, rise, sentence):
    chosen: Any = (IMPROVEMENT,) * many
    made = Plan(chosen=chosen, before=50.0, total=52.5, place=place, rise=rise)
    assert made.sentence() == sentence
    assert made.guide == ""
    assert made.metadata.startswith("---\nlicense: LICENCE\n")
    assert made.hints == "LICENCE: the id of your licence, such as apache-2.0."
