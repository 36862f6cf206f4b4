"""Organisations in plain words: their names as people write them, who leads and by what, and how firm that is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Final

import numpy as np

from scoring.methods import METHODS
from scoring.reasons.comparison import Agreement
from scoring.reasons.receipt import day as written
from scoring.scores import Scores

# The id of an organisation in the tables -> its name as it writes it itself, where that differs.
NAMES: Final[Mapping[str, str]] = {
    "01-AI": "01.AI",
    "Ali": "Alibaba",
    "Deepseek": "DeepSeek",
    "Falcon": "TII Falcon",
    "HuggingFace": "Hugging Face",
    "MLFoundations": "ML Foundations",
    "MistralAI": "Mistral AI",
    "Moonshot": "Moonshot AI",
    "Nvidia": "NVIDIA",
    "ShanghaiAILab": "Shanghai AI Lab",
    "StanfordNLP": "Stanford NLP",
    "Zhipu": "Zhipu AI",
}
_ENDING: Final = {1: "st", 2: "nd", 3: "rd"}
_PLURAL: Final = {"data": "data", "model": "models", "system": "systems", "benchmark": "benchmarks"}
MOST_SPANS: Final = 3  # of months that rest on the same indicators, in a sentence
# What a method does, by its label, after the name of who is first under it.
_WAYS: Final[Mapping[str, str]] = {
    METHODS["documented"].label: "if dimensions are averaged",
    METHODS["documented_flat"].label: "if all indicators are averaged",
    METHODS["published"].label: "if ranks in the dimensions are added up",
}
# From what Kendall's tau on two orders are called so.
_ALIKE: Final = (
    (0.9, "almost the same order"),
    (0.7, "much the same order"),
    (0.5, "a partly different order"),
    (-1.0, "another order"),
)


def name(organisation: str) -> str:
    """Return the name of an organisation as people write it."""
    return NAMES.get(organisation, organisation)


def of_100(scores: Scores) -> Scores:
    """Return scores as they are shown: 0..100, without intervals, under the names that people know."""
    times = 100.0 / scores.card.out_of
    scaled = replace(scores.scaled, ids=np.array([name(str(i)) for i in scores.ids], dtype=object))
    return replace(
        scores,
        card=replace(scores.card, out_of=100.0),
        scaled=scaled,
        uncapped=times * scores.uncapped,
        total=times * scores.total,
        bounded=False,
    )


def leads(scores: Scores) -> str:
    """Say who leads, its place in every dimension, and who would lead if one dimension alone counted."""
    first = np.flatnonzero(scores.rank == 1)
    if not len(first):
        return "No organisation is ranked."
    names = " and ".join(sorted(name(str(scores.ids[n])) for n in first))
    if len(first) > 1:
        return f"{names} share the first place."
    alone: dict[str, list[str]] = {}
    for d, c in enumerate(scores.card.categories):
        ranks, what = scores.category_ranks[:, d], _PLURAL[c.id]
        leaders = " and ".join(sorted(name(str(scores.ids[n])) for n in np.flatnonzero(ranks == 1)))
        if leaders and names not in leaders:
            alone.setdefault(leaders, []).append(what)
    lead = f"{names} leads: it is {_places(scores, int(first[0]))}."
    ifs = [
        f"{leader} leads if {' or '.join(parts)} alone {'counts' if parts == ['data'] else 'count'}"
        for leader, parts in alone.items()
    ]
    return f"{lead} {'; '.join(ifs)}." if ifs else lead


def stands(scores: Scores, row: int) -> str:
    """Say at which place an organisation stands, and at which in every dimension: 7th of 32, 1st in data and ..."""
    ranked = np.count_nonzero(~np.isnan(scores.rank))
    if np.isnan(scores.rank[row]):
        return "not ranked"
    return f"{_ordinal(int(scores.rank[row]))} of {ranked}: {_places(scores, row)}"


def _places(scores: Scores, row: int) -> str:
    """Name the places of an organisation in every dimension, the best first."""
    ranks = zip(scores.card.categories, scores.category_ranks[row], strict=True)
    known = sorted(((rank, _PLURAL[c.id]) for c, rank in ranks if not np.isnan(rank)), key=lambda one: one[0])
    words = [f"{_ordinal(int(rank))} in {what}" for rank, what in known]
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def uneven(series: Iterable[Scores]) -> frozenset[str]:
    """Return the ids of indicators that count in some months, and in others are known of too few to count.

    A rank that moves because one of them begins to count says nothing of the organisation.
    """
    months = list(series)
    asked = [{f.id for f, yes in zip(one.card.factors, one.asked, strict=True) if yes} for one in months]
    few = frozenset[str]().union(*(one.uncounted & known for one, known in zip(months, asked, strict=True)))
    return few & frozenset[str]().union(*map(_counting, months))


def _counting(scores: Scores) -> frozenset[str]:
    """Return the ids of the indicators that have a share in the score."""
    return frozenset(i for i, share in scores.usual_shares.items() if share > 0)


def compared(series: Mapping[str, Scores], apart: Collection[str]) -> str:
    """Say on how many indicators ranks through the months rest, and which were left `apart` as uneven.

    `series` is by ISO day, oldest first.
    """
    spans = [
        (len(ids), [day for day, _ in same]) for ids, same in groupby(series.items(), lambda one: _counting(one[1]))
    ]
    most = max(number for number, _ in spans)
    if len(spans) == 1:
        words = f"Ranks rest on the same {most} indicators in every month."
    elif len(spans) > MOST_SPANS:
        words = f"Ranks rest on {min(number for number, _ in spans)} to {most} indicators, as more became known."
    else:
        parts = [f"{number} ({_span(days)})" for number, days in spans]
        numbers = f"{', '.join(parts[:-1])} and {parts[-1]}"
        words = f"Ranks rest on {numbers} indicators; what is known for nobody does not count."
    card = next(iter(series.values())).card
    names = ", ".join(f"{card.factor(i).label} ({card.category_of(i).label})" for i in sorted(apart))
    if not names:
        return words
    return (
        f"{words} Left out of every month, because in some it is known for too few: {names}; so a rank may differ from "
        "that of the list."
    )


def _span(days: list[str]) -> str:
    first, last = written(days[0]), written(days[-1])
    return first if first == last else f"{first} to {last}"


def _ordinal(place: int) -> str:
    """Write a place: 1st, 2nd, 11th, 23rd."""
    last = 0 if place % 100 in (11, 12, 13) else place % 10
    return f"{place}{_ENDING.get(last, 'th')}"


def firmness(first: str, compared: Iterable[Agreement]) -> str:
    """Say in words how firm an order is: what other ways to count make of its first place and of the whole."""
    compared = list(compared)
    known = [one for one in compared if not np.isnan(one.tau)]
    if not known:
        return "Nobody can say how firm this order is: another way to count puts everybody at one place."
    changes: dict[str, list[str]] = {}
    for one in known:
        if one.first_there != one.first_here:
            changes.setdefault(" and ".join(map(name, one.first_there)), []).append(
                f"{_WAYS.get(one.other, 'by another method')} (“{one.other}”)"
            )
    alike = next(words for least, words in _ALIKE if min(one.tau for one in known) >= least)
    others = f"The other ways to count give {alike}."
    if not changes:
        return f"The first place is firm: {name(first)} is first however it is counted. {others}"
    who = "; ".join(f"{leader} is first {' or '.join(methods)}" for leader, methods in changes.items())
    return f"The first place is not firm: {who}. {others}"
