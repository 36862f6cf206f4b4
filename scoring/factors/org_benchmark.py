"""Benchmark: what an organisation gives to measure models with."""

from scoring.factors import indicator
from scoring.types import Category

_KINDS = (
    (
        "leaderboards",
        "Leaderboards",
        "How many open leaderboards does it run?",
        "A leaderboard lets everybody compare models on the same terms.",
        50,
        "Benchmark: benchmark leaderboards",
    ),
    (
        "evaluated_models",
        "Evaluated models",
        "How many models has it evaluated in public?",
        "A measure is worth more, the more models it was taken of.",
        10_000,
        "Benchmark: evaluated models",
    ),
    (
        "evaluation_datasets",
        "Evaluation data sets",
        "How many evaluation data sets of its own has it opened?",
        "Fresh, open test data keeps results honest.",
        100,
        "Benchmark: datasets",
    ),
    (
        "evaluation_methods",
        "Evaluation methods",
        "How many evaluation methods of its own has it opened?",
        "New abilities need new ways to measure them.",
        10,
        "Benchmark: evaluation methodologies",
    ),
    (
        "evaluation_tools",
        "Evaluation tools",
        "How many evaluation tools has it opened?",
        "With the tool, anybody can repeat a result.",
        20,
        "Benchmark: evaluation methodologies",
    ),
)

BENCHMARK = Category(
    id="benchmark",
    label="Benchmark",
    weight=25,
    factors=tuple(
        indicator(
            "benchmark",
            f"num_{name}",
            label=label,
            question=question,
            why=why,
            group=label,
            high=high,
            unit=label.lower(),
            remedy="Open it, with a page that states its number and date.",
            seed=seed,
        )
        for name, label, question, why, high, seed in _KINDS
    ),
    colour="#7593C4",
)
