"""Google, Meta and other official pages: data sets that no platform counts, from a list kept by hand.

There is nothing to ask: the list is a table (data/platforms/imports.py), or the bundled one with its 204 rows. Without
downloads; such data sets count as published and as nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from data import archive
from data.organisations import month as organisations
from data.platforms import imports
from data.platforms.imports import BadRow

SOURCE: Final = "official pages"
FACTS: Final[Mapping[str, str]] = {"modality": "kind of data", "lifecycle": "stage of training that it serves"}


def fetch(path: Path | None) -> Iterator[Mapping[str, Any] | BadRow]:
    """Yield the rows of a list as they stand (default: the bundled one, as of its own day)."""
    if path:
        yield from imports.fetch(path)
    else:
        month = organisations.load(within=archive.BUNDLED)
        yield from ({**row, "date": month.by_hand} for row in month.listed.to_pylist())


def facts(raw: Mapping[str, Any], as_of: date) -> dict[str, Any] | BadRow:
    """Turn a row of the list into a repository row. Pure."""
    return imports.facts(raw, SOURCE, as_of)
