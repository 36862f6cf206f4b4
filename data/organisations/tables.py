"""What curated tables know of organisations beside their listings: openness, contributors, compatibility tests.

Each row is dated and has its source (data/curated/README.md). A fact of a month takes what had been published by then;
of reviews of openness it takes those of models that had been released, whenever they were reviewed.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from data.collect.plan import counted

_FOLDER: Final = Path(__file__).parents[1] / "curated"
# The parts of a release whose openness counts, each 0 (closed) to 1 (open).
PARTS: Final = {
    "training_code": "training code",
    "code": "other code",
    "weights": "weights",
    "data": "training data",
    "licence": "licence",
}
STALE: Final = 120  # days after which a history of code says nothing of a month any more
_CREDIT: Final = "CC BY 4.0, Liesenfeld & Dingemanse 2024 (FAccT)"
_INDEX: Final = "European Open Source AI Index"

Row = Mapping[str, str]


class Known(NamedTuple):
    """A number of an organisation (None: unknown, `note` says why), where it comes from, and how it was found."""

    value: float | None
    source: str = ""
    url: str = ""
    as_of: str = ""
    note: str = ""


NOTHING: Final = Known(None, note="in none of the tables")


@cache
def facts(taken: str) -> Mapping[str, Mapping[str, Known]]:
    """Return fact -> organisation -> what the tables know in the month of an ISO day."""
    return {
        "model_open_source_code": dict(_openness(taken)),
        "model_contributors": dict(_contributors(taken, "model")),
        "system_contributors": dict(_contributors(taken, "system")),
        "system_compatibility_testing": dict(_compatibility(taken)),
    }


def _openness(taken: str) -> Iterator[tuple[str, Known]]:
    """Yield the mean openness of an organisation's reviewed models, over the parts of a release."""
    for organisation, rows in _by_organisation("openness.csv").items():
        reviewed = [row for row in rows if row["released"] <= taken]
        if not reviewed:
            continue
        open_part = {part: sum(float(row[part]) for row in reviewed) / len(reviewed) for part in PARTS}
        indexes = sorted({row["index"] for row in reviewed})
        parts = ", ".join(f"{label} {open_part[part]:.2f}" for part, label in PARTS.items())
        credit = f"; {_INDEX}: {_CREDIT}" if _INDEX in indexes else ""
        yield (
            organisation,
            Known(
                value=sum(open_part.values()) / len(PARTS),
                source=" and ".join(indexes),
                url=next(row["source"] for row in reviewed if row["index"] == indexes[0]),
                as_of=max(row["as_of"] for row in reviewed),
                note=f"{counted(len(reviewed), 'model')} reviewed: {parts}{credit}",
            ),
        )


def _contributors(taken: str, dimension: str) -> Iterator[tuple[str, Known]]:
    """Yield how many people committed in the twelve months before a month, over the listed repositories of code.

    A person who commits to two of them counts twice. With one that could not be read the sum is unknown.
    """
    for organisation, rows in _by_organisation("code_activity.csv").items():
        listed: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if row["dimension"] == dimension:
                listed[row["repository"]].append(row)
        near = {address: _near(own, taken) for address, own in listed.items()}
        read = [row for row in near.values() if row]
        gone = [f"{_name(address)} ({_last_read(listed[address])})" for address, row in near.items() if not row]
        if gone:
            yield organisation, Known(None, note=f"its history was not read: {', '.join(gone)}")
        elif read:
            each = [f"{_name(r['repository'])} {r['authors_last_year']} in {r['commits_last_year']}" for r in read]
            yield (
                organisation,
                Known(
                    value=float(sum(int(row["authors_last_year"]) for row in read)),
                    source="git history",
                    url=read[0]["repository"],
                    as_of=min(row["as_of"] for row in read),
                    note=f"authors in commits of the twelve months before: {', '.join(each)}",
                ),
            )


def _compatibility(taken: str) -> Iterator[tuple[str, Known]]:
    """Yield on how many kinds of chip an organisation's systems are tested, by their own documents."""
    for organisation, rows in _by_organisation("compatibility.csv").items():
        known = [row for row in rows if row["as_of"] <= taken]
        if known:
            chips = {row["chip"] for row in known}
            systems = ", ".join(sorted({row["system"] for row in known}))
            note = f"{systems}: {', '.join(sorted(chips))}"
            newest = max(known, key=lambda row: row["as_of"])
            yield organisation, Known(float(len(chips)), "its own documents", newest["source"], newest["as_of"], note)


def _near(rows: Iterable[Row], taken: str) -> Row | None:
    """Return the last reading up to a month, if it is near enough to tell of it."""
    day = date.fromisoformat(taken)
    near = [row for row in rows if row["read"] and 0 <= (day - date.fromisoformat(row["as_of"])).days <= STALE]
    return max(near, key=lambda row: row["as_of"], default=None)


def _last_read(rows: Iterable[Row]) -> str:
    last = max((row["read"] for row in rows), default="")
    return f"last read on {last}" if last else "too large, or not there, to be read whole"


def _name(address: str) -> str:
    return "/".join(address.rsplit("/", 2)[1:])


@cache
def _by_organisation(table: str) -> Mapping[str, list[Row]]:
    rows: dict[str, list[Row]] = defaultdict(list)
    with (_FOLDER / table).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows[row["organisation"]].append(row)
    return dict(rows)
