"""What is known of organisations beside their listings: openness, activity in their code, compatibility tests.

Each row is dated and has its source: a curated table (data/curated/README.md), or for activity also the collection of a
month. A fact of a month takes what had been published by then; of reviews of openness it takes those of models that had
been released, whenever they were reviewed.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Final, NamedTuple

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
LEAST: Final = 3  # reviewed models that a mean takes, so that no single review decides about an organisation
STALE: Final = 120  # days after which a history of code says nothing of a month any more
# What is counted in repositories of code, for models and for systems -> its column.
ACTIVITY: Final = {
    "contributors": "authors_last_year",
    "commits": "commits_last_year",
    "merged_pull_requests": "merged_last_year",
}
REFRESH: Final = "“weighbridge collect organisations”"
_CREDIT: Final = "CC BY 4.0, Liesenfeld & Dingemanse 2024 (FAccT)"
_INDEX: Final = "European Open Source AI Index"

Row = Mapping[str, Any]


class Known(NamedTuple):
    """A number of an organisation (None: unknown, `note` says why), where it comes from, and how it was found.

    `lacking` are the repositories of code that kept it unknown.
    """

    value: float | None
    source: str = ""
    url: str = ""
    as_of: str = ""
    note: str = ""
    lacking: tuple[str, ...] = ()


def facts(taken: str, activity: Iterable[Row] = ()) -> Mapping[str, Mapping[str, Known]]:
    """Return fact -> organisation -> what is known in the month of an ISO day.

    `activity` are rows of repositories of code that the month's own collection brought.
    """
    known = {
        "model_open_source_code": dict(_openness(taken)),
        "system_compatibility_testing": dict(_compatibility(taken)),
    }
    collected = list(activity)
    for dimension in ("model", "system"):
        for name in ACTIVITY:
            known[f"{dimension}_{name}"] = dict(_activity(taken, dimension, name, collected))
    return known


def nothing(fact: str) -> Known:
    """Return what is known of an organisation that no table has: why a fact of it is unknown."""
    what = {"model_open_source_code": "none of its models was reviewed"}
    tested = {"system_compatibility_testing": "no document of its systems that lists tested chips was found"}
    return Known(None, note=(what | tested).get(fact, "no repository of code is listed for it"))


def _openness(taken: str) -> Iterator[tuple[str, Known]]:
    """Yield the mean openness of an organisation's reviewed models, over the parts of a release."""
    for organisation, rows in by_organisation("openness.csv").items():
        reviewed = [row for row in rows if row["released"] <= taken]
        if len(reviewed) < LEAST:
            few = f"{counted(len(reviewed), 'model')} reviewed, and a mean takes {LEAST}"
            yield organisation, Known(None, note=few if reviewed else nothing("model_open_source_code").note)
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


def _activity(taken: str, dimension: str, name: str, collected: Iterable[Row]) -> Iterator[tuple[str, Known]]:
    """Yield what was counted in the twelve months before a month, over the listed repositories of code.

    A person who commits to two of them counts twice. With one that could not be read the sum is unknown.
    """
    for organisation, own in _repositories(dimension, collected).items():
        near = {address: _near(rows, taken, ACTIVITY[name]) for address, rows in own.items()}
        read = [row for row in near.values() if row]
        if gone := {_name(address): _why(own[address], name) for address, row in near.items() if not row}:
            words = [f"{one} ({why})" for one, why in gone.items()]
            note = (
                f"not counted in {', '.join(words)}; {REFRESH} asks {'its forge' if len(gone) == 1 else 'their forges'}"
            )
            yield organisation, Known(None, note=note, lacking=tuple(gone))
            continue
        yield (
            organisation,
            Known(
                value=float(sum(int(row[ACTIVITY[name]]) for row in read)),
                source=" and ".join(sorted({_source(row) for row in read})),
                url=read[0]["repository"],
                as_of=min(row["as_of"] for row in read),
                note=f"in the twelve months before: {', '.join(map(_counts, read))}",
            ),
        )


def _repositories(dimension: str, collected: Iterable[Row]) -> Mapping[str, Mapping[str, list[Row]]]:
    """Return organisation -> address of a listed repository of code -> its rows, those that were `collected` first."""
    listed: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in [*collected, *chain.from_iterable(by_organisation("code_activity.csv").values())]:
        if row["dimension"] == dimension:
            listed[row["organisation"]][row["repository"]].append(row)
    return listed


def _source(row: Row) -> str:
    """Return where a row of activity is from: the forge that was asked, or a history that was read (by its commit)."""
    return "git history" if "://" in row["source"] else str(row["source"])


def _counts(row: Row) -> str:
    words = (
        ("authors_last_year", "author"),
        ("commits_last_year", "commit"),
        ("merged_last_year", "merged pull request"),
    )
    known = (counted(int(row[column]), word) for column, word in words if row.get(column, "") != "")
    return f"{_name(row['repository'])} ({', '.join(known)})"


def _compatibility(taken: str) -> Iterator[tuple[str, Known]]:
    """Yield on how many kinds of chip an organisation's systems are tested, by their own documents."""
    for organisation, rows in by_organisation("compatibility.csv").items():
        known = [row for row in rows if row["as_of"] <= taken]
        if known:
            chips = {row["chip"] for row in known}
            systems = ", ".join(sorted({row["system"] for row in known}))
            note = f"{systems}: {', '.join(sorted(chips))}"
            newest = max(known, key=lambda row: row["as_of"])
            yield organisation, Known(float(len(chips)), "its own documents", newest["source"], newest["as_of"], note)


def _near(rows: Iterable[Row], taken: str, column: str) -> Row | None:
    """Return the last reading of a number up to a month, if it is near enough to say something of that month."""
    day = date.fromisoformat(taken)
    known = (row for row in rows if row.get(column, "") != "")
    near = [row for row in known if 0 <= (day - date.fromisoformat(row["as_of"])).days <= STALE]
    return max(near, key=lambda row: str(row["as_of"]), default=None)


def _why(rows: Iterable[Row], name: str) -> str:
    """Say why a repository has no number: what its forge answered, or what was never read."""
    rows = list(rows)
    if answered := next((str(row["note"]) for row in rows if row.get("note")), ""):
        return answered
    if name == "merged_pull_requests":
        return "a git history has none"
    last = max((str(row.get("read", "")) for row in rows), default="")
    return f"its history was last read on {last}" if last else "its history is too large to be read whole"


def _name(address: str) -> str:
    return "/".join(address.rsplit("/", 2)[1:])


@cache
def by_organisation(table: str) -> Mapping[str, list[Row]]:
    """Return the rows of a curated table by organisation."""
    rows: dict[str, list[Row]] = defaultdict(list)
    with (_FOLDER / table).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows[row["organisation"]].append(row)
    return dict(rows)
