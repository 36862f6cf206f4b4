"""Google, Meta and other official pages: data sets that no platform counts, from a list kept by hand.

There is nothing to ask: the list is a table (data/sources/imports.py), by default the newest bundled month's. Without
downloads; such data sets count as published and as nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from data.sources import imports
from data.sources.imports import BadRow
from data.sources.imports import fetch as fetch

SOURCE: Final = "official pages"
FACTS: Final[Mapping[str, str]] = {"modality": "kind of data", "lifecycle": "stage of training that it serves"}


def facts(raw: Mapping[str, Any], as_of: date) -> dict[str, Any] | BadRow:
    """Turn a row of the list into a repository row. Pure."""
    return imports.facts(raw, SOURCE, as_of)


def rows(path: Path, as_of: date) -> Iterator[dict[str, Any] | BadRow]:
    """Read a list: its rows, and a sentence for each line that is none."""
    yield from (raw if isinstance(raw, BadRow) else facts(raw, as_of) for raw in fetch(path))
