"""Every phrase of the seed's list has indicators, sources, and a number of organisations or a reason why not."""

from data.organisations import phrases
from data.organisations.month import load
from data.organisations.rollup import rollup
from scoring.scorecards import influence

# The phrases of the seed's list of dimensions -> indicators, and of how many of the 32 organisations each is known.
PHRASES = {
    "Data: dataset coverage": (11, 32),
    "Data: lifecycle coverage of large models": (6, 32),
    "Data: industry-specific data": (1, 32),
    "Data: data processing tools": (1, 32),
    "Model: usage metrics": (8, 32),
    "Model: modality coverage": (7, 32),
    "Model: model scale": (5, 32),
    "Model: contributor activity": (5, 32),
    "Model: openness of the model's source code": (1, 21),
    "System: operator libraries": (3, 32),
    "System: compatibility testing": (1, 8),
    "System: parallel training and inference frameworks": (3, 32),
    "System: communication libraries": (3, 32),
    "System: deep learning frameworks": (1, 32),
    "System: contributor activity": (5, 17),
    "Benchmark: benchmark leaderboards": (1, 32),
    "Benchmark: evaluated models": (1, 32),
    "Benchmark: datasets": (1, 32),
    "Benchmark: evaluation methodologies": (2, 32),
}


def test_every_phrase_of_the_seed_is_known_of_half_or_says_why_not():
    rolled = rollup(load())
    every = phrases.phrases(rolled)
    assert {p.phrase: (len(p.indicators), p.known) for p in every} == PHRASES
    assert all(all(p.sources) for p in every)
    assert all(p.why or 2 * p.known >= len(rolled.month.ids) for p in every)
    assert {p.phrase for p in every if p.why} == {"System: compatibility testing", "System: contributor activity"}
    (code,) = (p.why for p in every if p.phrase == "System: contributor activity")
    large = ("pytorch/pytorch", "tensorflow/tensorflow", "PaddlePaddle/Paddle", "mindspore/mindspore")
    assert all(one in code for one in large)
    assert code.endswith("“weighbridge collect organisations” asks their forges")
    scores = influence(rolled.facts)
    few = {"system_compatibility_testing", "system_contributors", "system_commits", "system_authors", "system_stars"}
    few |= {"model_merged_pull_requests", "system_merged_pull_requests"}
    assert scores.uncounted == few
    assert not influence(rolled.facts, count="all").uncounted
    assert not influence(rolled.facts, "published").uncounted
    table = phrases.phrase_table(rolled, scores.uncounted).set_index("Phrase")
    assert table["Counts"].eq("no").sum() == 2
