"""Every factor of the scorecard has words of its own, and they are said of what they name."""

import string

import pytest

from scoring.reasons.clauses import CLAUSES, NOT_APPLICABLE, WORDS
from scoring.scorecards import MODEL

COUNTS = {"none", "one", "some"}


@pytest.mark.parametrize("f", MODEL.factors, ids=lambda f: f.id)
def test_every_answer_of_every_factor_has_a_clause(f):
    if f.levels:
        wanted = set(f.levels)
    elif f.curve == "yes_no":
        wanted = {"yes", "no"} | ({"not_found", "elsewhere"} if f.open_end is not None else set())
    else:
        wanted = COUNTS
    assert set(CLAUSES[f.id]) == wanted


def test_no_words_for_what_does_not_exist():
    ids = {f.id for f in MODEL.factors}
    assert set(CLAUSES) | set(WORDS) | set(NOT_APPLICABLE) <= ids
    for factor, words in WORDS.items():
        assert set(words) <= set(MODEL.factor(factor).levels or ())
    assert set(NOT_APPLICABLE) == {f.id for f in MODEL.factors if f.applies is not None}


def test_clauses_name_only_what_they_are_given_and_end_without_a_stop():
    for clauses in CLAUSES.values():
        for clause in clauses.values():
            fields = {field for _, field, _, _ in string.Formatter().parse(clause) if field}
            assert fields <= {"words", "number", "until"}
            assert clause[0] == clause[0].lower() or clause.startswith(("{", "the Hub"))
            assert not clause.endswith(".")
            assert "trusted" not in clause
            assert "malicious" not in clause
