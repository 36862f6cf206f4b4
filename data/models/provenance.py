"""Where the facts of models come from: the source and the day of each, and what a manifest lists of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from data.curated import tables
from data.models import facts
from data.shapes import as_date, as_dict

Origin = tuple[str, str]  # source and ISO day
ORIGINS = pa.list_(pa.int32())  # of a model: the numbers of its origins in a catalogue


def origins(record: Mapping[str, Any], row: Mapping[str, Any], as_of: date) -> dict[str, Origin]:
    """Return source and day of every fact of a record's row that is known, or that a note explains."""
    provenance = as_dict(record.get("_provenance"))
    notes = row["notes"]
    found: dict[str, Origin] = {}
    read: dict[tuple[str, ...], Origin] = {}  # several facts are read from the same keys
    for name, fact in facts.FACTS.items():
        if row[name] is not None or name in notes:
            if (keys := fact.keys) not in read:
                read[keys] = _origin(record, provenance, keys, as_of)
            found[name] = read[keys]
    return found


def _origin(record: Mapping[str, Any], provenance: Mapping[str, Any], keys: tuple[str, ...], as_of: date) -> Origin:
    account = "authorData" in keys and facts.by_account(record)
    listings = "established" in keys and not account and facts.by_listings(record)
    if keys[0] == "id" and not (account or listings):
        return tables.SOURCE, tables.AS_OF
    key = next((k for k in keys if k in provenance or k in record), keys[0])
    return facts.origin(record, "authorData" if account else "established" if listings else key, as_of)


def newest(record: Mapping[str, Any], as_of: date) -> date:
    """Return the last day that something of a record was read on; `as_of` dates what has no day of its own."""
    provenance = as_dict(record.get("_provenance"))
    pairs = (pair for pair in provenance.values() if isinstance(pair, list) and len(pair) == 2)
    days = [day for _, read in pairs if (day := as_date(read))]
    undated = any(key not in provenance for key in record if key != "id" and not key.startswith("_"))
    return max([*days, date.fromisoformat(tables.AS_OF), *([as_of] if undated else [])])


class Catalogue:
    """Every different origin of a fact by number: (fact, source, ISO day, note), in the order of their first use."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str, str, str], int] = {}

    def numbers(self, row: Mapping[str, Any], found: Mapping[str, Origin]) -> list[int]:
        """Return the numbers of the origins of a row's facts."""
        known, notes = self.entries, row["notes"]
        keys = ((fact, source, day, notes.get(fact, "")) for fact, (source, day) in found.items())
        return [known.setdefault(key, len(known)) for key in keys]

    def join(self, entries: Iterable[Sequence[str]]) -> NDArray[np.int64]:
        """Take in the entries of another catalogue; returns their numbers here, in their order."""
        known = self.entries
        numbers = [known.setdefault((fact, source, day, note), len(known)) for fact, source, day, note in entries]
        return np.array(numbers, dtype=np.int64)


class OneReading:
    """The origins of records that were read together: each key has one source and day in all of them."""

    def __init__(self, catalogue: Catalogue, as_of: date) -> None:
        self._catalogue, self._as_of = catalogue, as_of
        self._every: dict[tuple[bool, bool], list[tuple[str, Origin, int]]] = {}

    def numbers(self, record: Mapping[str, Any], row: Mapping[str, Any]) -> list[int]:
        """Return the numbers of the origins of a record's row; only those of its owner's level differ among records."""
        level = facts.by_account(record), facts.by_listings(record)
        if level not in self._every:
            known: dict[str, Any] = dict.fromkeys(facts.FACTS, True) | {"notes": {}}
            found = origins(record, known, self._as_of)
            numbers = self._catalogue.numbers(known, found)
            self._every[level] = [(fact, origin, n) for (fact, origin), n in zip(found.items(), numbers, strict=True)]
        notes = row["notes"]
        return [
            self._catalogue.numbers(row, {fact: origin})[0] if fact in notes else number
            for fact, origin, number in self._every[level]
            if row[fact] is not None or fact in notes
        ]


class Tally:
    """Counts the origins of table after table, and keeps none of them."""

    def __init__(self, as_of: date) -> None:
        self._as_of = as_of.isoformat()
        self._facts: Counter[Origin] = Counter()
        self._models: Counter[str] = Counter()
        self._known: Counter[str] = Counter()
        self._days: dict[str, Origin] = {}  # fact -> first and last day

    def add(self, table: pa.Table, origins: pa.ListArray, catalogue: Catalogue) -> None:
        """Count the models of a table of facts, with the numbers of their origins in a catalogue."""
        entries = list(catalogue.entries)
        numbers, rows = origins.flatten().to_numpy(), origins.value_parent_indices().to_numpy()
        sources = {source: n for n, source in enumerate(dict.fromkeys(source for _, source, _, _ in entries))}
        seen = np.zeros((len(origins), len(sources)), dtype=bool)
        seen[rows, np.array([sources[source] for _, source, _, _ in entries], dtype=int)[numbers]] = True
        self._models.update({name: int(seen[:, n].sum()) for name, n in sources.items() if seen[:, n].any()})
        used, counts = np.unique(numbers, return_counts=True)
        for n, count in zip(used.tolist(), counts.tolist(), strict=True):
            fact, source, day, _ = entries[n]
            self._facts[source, day] += count
            first, last = self._days.get(fact, (day, day))
            self._days[fact] = (min(first, day), max(last, day))
        self._known.update({fact: table.num_rows - table[fact].null_count for fact in facts.FACTS})

    def newest(self) -> str:
        """Return the last day that a fact was read on."""
        return max((day for _, day in self._facts), default=self._as_of)

    def sources(self) -> list[dict[str, Any]]:
        """Return each source with its days, its models and facts, its licence and address."""
        known, listed = tables.sources(), []
        for source in sorted(self._models):
            days = {day: count for (name, day), count in self._facts.items() if name == source}
            counts = {"models": self._models[source], "facts": sum(days.values())}
            about = {key: known.get(source, {}).get(key, "") for key in ("licence", "url")}
            dates: dict[str, Any] = {"from": min(days), "to": max(days)}
            listed.append({"name": source} | dates | counts | about)
        return listed

    def coverage(self) -> dict[str, dict[str, Any]]:
        """Return of how many models each fact is known, and from when."""
        days = {fact: self._days.get(fact, ("", "")) for fact in facts.FACTS}
        return {fact: {"known": self._known[fact], "from": first, "to": last} for fact, (first, last) in days.items()}
