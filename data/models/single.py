"""One model that was looked up: its facts as a table of one row, and where each of them comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import pandas as pd

from data.models import build
from data.models.lookup import LookupService
from data.models.provenance import Origin, origins
from scoring.types import Evidence


@dataclass(frozen=True)
class Single:
    """The facts of one model (`facts`: one row, as in a snapshot) and what is said beside them."""

    facts: pd.DataFrame
    notes: Mapping[str, str]
    origins: Mapping[str, Origin]

    @property
    def model(self) -> str:
        """The model's id, as the Hub writes it."""
        return str(self.facts["id"].iloc[0])

    def evidence(self, fact: str, page: str) -> Evidence:
        """Return where a fact comes from; its `page` is the place to check it today."""
        value = self.facts[fact].iloc[0]
        unknown = value is None or value is pd.NA
        source, day = self.origins.get(fact, ("", ""))
        return Evidence(
            subject=self.model,
            fact=fact,
            value=None if unknown else value,
            state="unknown" if unknown else ("absent" if value == 0 else "known"),
            source="" if unknown else source,
            url=page,
            as_of="" if unknown else day,
            note=self.notes.get(fact, ""),
        )


def read(record: Mapping[str, Any], as_of: date) -> Single:
    """Read the facts of a record; what is missing from it is unknown, with a note that says why."""
    (row,) = build.rows([record], as_of)
    return Single(build.frame([row]), dict(row["notes"]), origins(record, row, as_of))


@cache
def lookup_service() -> LookupService:
    """Return the one desk of this process, at which all visitors ask."""
    return LookupService()
