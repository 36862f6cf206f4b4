"""Activity: how much a model is discussed and maintained."""

import narwhals as nw

from scoring.types import Category, Factor

DISCUSSIONS = Factor(
    id="discussions",
    label="Discussions",
    question="How many threads has its Community tab?",
    why="An active community finds problems and answers questions.",
    reads=("discussions",),
    measure=nw.col("discussions"),
    curve="log",
    high=300,
    weight=1,
    unit="threads",
    seed="Discussion posts",
)

PULL_REQUESTS = Factor(
    id="pull_requests",
    label="Pull requests",
    question="How many pull requests has it received?",
    why="Pull requests show that others mend and extend it.",
    reads=("pull_requests",),
    measure=nw.col("pull_requests"),
    curve="log",
    high=100,
    weight=1,
    unit="pull requests",
    seed="Pull requests",
)

ACTIVITY = Category(
    id="activity",
    label="Activity",
    factors=(DISCUSSIONS, PULL_REQUESTS),
    weight=10,
    colour="#E69F00",
)
