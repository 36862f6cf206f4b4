"""What happened in twelve months in the repositories of code that are listed of organisations, asked of their forges.

The list is that of the histories read by hand (data/curated/code_activity.csv), so that both count the same.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from data.collect.asker import Asker
from data.collect.plan import Step
from data.organisations import tables
from data.platforms import FORGES
from data.platforms.github import GITHUB
from data.platforms.platform import Platform
from data.platforms.year import PAGE, Year

LARGE: Final = 20_000  # commits of a year in a repository that was too large to be read by hand, for the plan


class Code(NamedTuple):
    """A listed repository of code, and how many commits of a year it had at most, for the plan."""

    organisation: str
    dimension: str
    address: str
    commits: int

    @property
    def forge(self) -> Platform | None:
        """The forge on which it lies, if that lists what happened between two days."""
        forge = FORGES.get(urlsplit(self.address).netloc)
        return forge if forge and forge.year else None


def listed(organisations: Collection[str]) -> list[Code]:
    """Return the listed repositories of organisations."""
    most: dict[tuple[str, str, str], int] = {}
    for organisation, rows in tables.by_organisation("code_activity.csv").items():
        for row in rows if organisation in organisations else ():
            key = (organisation, row["dimension"], row["repository"])
            most[key] = max(most.get(key, 0), int(row["commits_last_year"] or (0 if row["read"] else LARGE)))
    return [Code(*key, commits) for key, commits in most.items()]


def plan(codes: Collection[Code]) -> Iterator[Step]:
    """Yield the calls that it takes: a page for each hundred commits, and what finds the merged pull requests."""
    pages: Counter[str] = Counter()
    for code in codes:
        if code.forge:
            pages[code.forge.id] += math.ceil(max(1, code.commits) / PAGE)
    for forge in dict.fromkeys(code.forge for code in codes if code.forge):
        bucket, n = "core" if forge is GITHUB else "api", pages[forge.id]
        yield forge.step(f"pages of commits on {forge.title}", n, bucket)
        if forge is GITHUB:
            yield forge.step("searches for merged pull requests", sum(code.forge is forge for code in codes), "search")
        else:  # of which there are fewer than commits
            yield forge.step(f"pages of merged pull requests on {forge.title}", n, bucket)


def row(asker: Asker, code: Code, until: date) -> dict[str, Any]:
    """Return what happened in a repository in the twelve months before a day, as a row of the table has it.

    Blank = unknown, and `note` says why.
    """
    host, path = urlsplit(code.address).netloc, urlsplit(code.address).path.strip("/")
    found = Year(reason=f"{host} does not list commits between two days")
    if code.forge and code.forge.year:
        found = code.forge.year(asker, path, until)
    counts = {"commits_last_year": found.commits, "authors_last_year": found.authors, "merged_last_year": found.merged}
    made = {column: "" if count is None else count for column, count in counts.items()}
    return {
        "organisation": code.organisation,
        "dimension": code.dimension,
        "repository": code.address,
        "as_of": until.isoformat(),
        "source": code.forge.title if code.forge else host,
        "note": found.reason.rstrip("."),
        **made,
    }
