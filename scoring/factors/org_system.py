"""System: the software below the models, from operators to frameworks, and on whose chips it runs."""

from scoring.factors import indicator
from scoring.types import Category

OPERATOR_LIBRARY = "Operator library"
PARALLEL = "Parallel training and inference framework"
COMPILER = "AI compiler"
COMMUNICATION = "Communication library"
ACTIVITY = "Contributor activity"

_OPERATOR_LIBRARY = tuple(
    indicator(
        "system",
        name,
        label=label,
        question=question,
        why="An operator library brings models to a chip; the more it covers, the freer the choice of chip.",
        group=OPERATOR_LIBRARY,
        high=high,
        unit=unit,
        remedy="Open the operator library and list what it supports.",
        seed="System: operator libraries",
    )
    for name, label, question, high, unit in (
        ("num_operators", "Operators", "How many operators does its open operator library have?", 300, "operators"),
        (
            "num_adapted_chips_operator_lib",
            "Chips of the operator library",
            "How many chips does its operator library support?",
            50,
            "chips",
        ),
        (
            "num_adapted_frameworks_operator_lib",
            "Frameworks of the operator library",
            "With how many deep learning frameworks does its operator library work?",
            5,
            "frameworks",
        ),
    )
)
_PARALLEL = tuple(
    indicator(
        "system",
        name,
        label=label,
        question=question,
        why="Large models need many machines; open frameworks let others use theirs.",
        group=PARALLEL,
        high=high,
        unit=unit,
        remedy="Open the framework for parallel training and inference, and say what it supports.",
        seed="System: parallel training and inference frameworks",
    )
    for name, label, question, high, unit in (
        (
            "support_heterogeneous_training_frameworks",
            "Heterogeneous training",
            "Does its parallel framework train on different chips at once (1 yes, 0 no)?",
            1,
            "",
        ),
        (
            "num_adapted_chips_frameworks",
            "Chip makers of the framework",
            "How many makers' chips does its parallel framework support?",
            50,
            "makers",
        ),
        (
            "support_lifecycle",
            "Stages of the lifecycle",
            "How many of the four stages of a large model's life does its framework cover?",
            4,
            "stages",
        ),
    )
)
_FRAMEWORK = indicator(
    "system",
    "deep_learning_framework",
    label="Deep learning framework",
    question="Does it lead an open deep learning framework (1 yes, 0 no)?",
    why="Frameworks are the ground that everybody else builds on.",
    group="Deep learning framework",
    remedy="Only a few can; contributing to one is not counted yet.",
    seed="System: deep learning frameworks",
)
_COMPILER = tuple(
    indicator(
        "system",
        f"num_adapted_{name}_ai_compiler",
        label=f"{name.capitalize()} of the AI compiler",
        question=f"How many {name} does its open AI compiler support?",
        why="A compiler that serves many frees models from one chip.",
        group=COMPILER,
        high=high,
        unit=name,
        remedy="Open the compiler and list what it supports.",
    )
    for name, high in (("frameworks", 5), ("chips", 20))
)
_COMMUNICATION = tuple(
    indicator(
        "system",
        name,
        label=label,
        question=question,
        why="Chips that talk to each other make one machine out of many.",
        group=COMMUNICATION,
        high=high,
        unit=unit,
        remedy="Open the communication library and say which chips it joins.",
        seed="System: communication libraries",
    )
    for name, label, question, high, unit in (
        (
            "num_adapted_chips_communication_lib",
            "Chips of the communication library",
            "How many chips does its open communication library support?",
            20,
            "chips",
        ),
        (
            "support_cross_chip_communication",
            "Cross-chip communication",
            "Does its communication library join different makers' chips (1 yes, 0 no)?",
            1,
            "",
        ),
        (
            "support_heterogeneous_training_communication_lib",
            "Mixed training over the library",
            "Does its communication library carry training on mixed chips (1 yes, 0 no)?",
            1,
            "",
        ),
    )
)
_TESTING = indicator(
    "system",
    "compatibility_testing",
    label="Compatibility testing",
    question="On how many kinds of chip are its systems tested, as their own documents say?",
    why="A claim of support is worth the test behind it.",
    group="Compatibility testing",
    high=20,
    unit="chips",
    remedy="Publish the test matrix with its dates.",
    seed="System: compatibility testing",
)
_ACTIVITY = tuple(
    indicator(
        "system",
        name,
        label=label,
        question=question,
        why="Software below the models lives from many hands and eyes.",
        group=ACTIVITY,
        high=high,
        unit=unit,
        remedy="Develop in the open, with authors named in the history.",
        seed="System: contributor activity",
    )
    for name, label, question, high, unit in (
        (
            "contributors",
            "Contributors",
            "How many people committed to its systems in the last twelve months?",
            1_000,
            "people",
        ),
        (
            "authors",
            "Authors ever",
            "How many people have ever written commits of its named systems?",
            10_000,
            "people",
        ),
        ("stars", "Stars", "How many stars do the repositories of its named systems have?", 200_000, "stars"),
    )
)

# Of the seed, and in no table of the reference project.
FURTHER = (_TESTING.id, *(f.id for f in _ACTIVITY))

SYSTEM = Category(
    id="system",
    label="System",
    weight=25,
    factors=(*_OPERATOR_LIBRARY, *_PARALLEL, _FRAMEWORK, *_COMPILER, *_COMMUNICATION, _TESTING, *_ACTIVITY),
    colour="#1C7570",
)
