"""The method in words, made from the declarations."""

from dataclasses import replace

import narwhals as nw
import pytest

from scoring.output import docs, examples
from scoring.scorecards import MODEL, PRESET_LABELS, PRESETS
from scoring.types import Factor

TEXT = docs.factors_markdown([MODEL])


def test_the_whole_example_adds_up_as_it_is_printed():
    rows = docs.worked_total(MODEL)
    factors, sums, total = rows[: len(MODEL.factors)], rows[len(MODEL.factors) : -1], rows[-1]
    assert [r["factor"] for r in factors] == [f.label for f in MODEL.factors]
    points = sum(float(r["points"]) for r in factors)
    assert points == pytest.approx(float(total["points"]), abs=0.005 * len(factors))
    assert sum(float(r["points"]) for r in sums) == pytest.approx(float(total["points"]), abs=0.021)
    assert sum(float(r["of the total"].rstrip("%")) for r in factors) == pytest.approx(100, abs=0.13)


@pytest.mark.parametrize("f", MODEL.factors, ids=lambda f: f.id)
def test_the_document_says_all_of_a_factor(f):
    for said in (f.label, f.question, f.why, f.remedy, f.seed, f"`{f.id}`", *(f"`{fact}`" for fact in f.reads)):
        assert said in TEXT
    assert docs.scale_words(f) in TEXT
    assert f"{MODEL.shares()[f.id]:.2%} of the total" in TEXT


def test_the_document_says_presets_states_policies_and_caps():
    for label in PRESET_LABELS.values():
        assert label in TEXT
    assert len(docs.presets(MODEL)) == len(PRESETS)
    choices = [words for _, words in (*docs.POLICIES.values(), *docs.COUNTS.values())]
    for said in (*docs.STATES.values(), *choices, *docs.caps(MODEL)):
        assert said in TEXT


def test_a_total_is_told_in_five_sentences():
    assert len(docs.how(MODEL)) == 5
    assert "30" in docs.how(MODEL)[4]
    assert "grave" not in docs.how(replace(MODEL, caps=()))[4]


def test_a_table_of_the_document_is_not_torn_by_a_bar():
    for line in TEXT.splitlines():
        if line.startswith("|"):
            assert line.endswith("|")


def test_a_factor_that_declares_no_example_is_drawn_and_told_all_the_same():
    f = Factor(
        id="size",
        label="Size",
        question="How large is it?",
        why="Small models run anywhere.",
        reads=("params",),
        measure=nw.col("params"),
        curve="log",
        low=1e6,
        high=1e12,
        better="lower",
        unit="parameters",
    )
    assert docs.worked(f) == []
    assert docs.scale_words(f) == (
        "0 at 1,000,000,000,000 parameters, 1 at 1,000,000 or fewer; in steps of magnitude, log(1 + x) in between."
    )
    drawn = examples.curve(f)
    assert (drawn["scaled"].iloc[0], drawn["scaled"].iloc[-1]) == pytest.approx((1, 0))


@pytest.mark.parametrize(("asked", "found"), [("pickle", True), ("PICKLE card", False), ("", True), ("zzz", False)])
def test_finds_looks_for_every_word(asked, found):
    assert docs.finds(MODEL.factor("unsafe_files"), asked) is found
