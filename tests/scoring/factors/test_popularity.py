"""Popularity by hand."""

import pytest

from scoring.engine import score
from scoring.scorecards import MODEL
from tests.records import frame


def scaled(factor, *rows):
    scores = score(MODEL, frame(rows))
    j = [f.id for f in MODEL.factors].index(factor)
    return [None if v != v else pytest.approx(v, abs=1e-6) for v in scores.scaled.value[:, j]]


def test_downloads_climb_in_steps_of_magnitude():
    # log(1 + n) / log(1 + 100,000,000)
    numbers = [0, 99, 9_999, 999_999, 100_000_000, 10**12]
    assert scaled("downloads", *({"downloads_30d": n} for n in numbers)) == [0, 0.25, 0.5, 0.75, 1, 1]


def test_likes_reach_one_at_15_000():
    assert scaled("likes", *({"likes": n} for n in (0, 15_000, 15_001, None))) == [0, 1, 1, None]


def test_spaces_reach_one_where_the_list_ends():
    assert scaled("spaces", {"spaces": 0}, {"spaces": 100, "spaces_at_least": True}, {}) == [0, 1, None]


def test_papers_count_evenly_up_to_five():
    assert scaled("papers", *({"papers": n} for n in (0, 1, 2, 5, 9))) == [0, 0.2, 0.4, 1, 1]


def test_a_github_repository_is_there_or_not_or_unknown():
    assert scaled("github_repo", {"github_repo": True}, {"github_repo": False}, {}) == [1, 0, None]
