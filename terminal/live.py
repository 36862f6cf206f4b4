"""Models that no snapshot has, looked up on the Hub while the command waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from data.models import records, snapshot
from terminal.console import console
from terminal.said import Refused, complain, nearest


def find(loaded: snapshot.Snapshot, wanted: Sequence[str], as_of: date) -> tuple[pd.DataFrame, list[int], bool]:
    """Return facts and positions of models by id, from the snapshot or else the Hub, and whether something is missing.

    Refused when nothing is found at all. An id is checked before anything is asked for it.
    """
    from data.platforms.hub.ids import model_id

    lowered = {known.lower(): n for known, n in loaded.position.items()}
    named = {one: model_id(one) or one.strip() for one in wanted}
    places = {one: loaded.position.get(name, lowered.get(name.lower())) for one, name in named.items()}
    if None not in places.values():
        return loaded.facts, [int(n) for n in places.values() if n is not None], False
    lookup, missing = _look_up([one for one, n in places.items() if n is None], loaded)
    known = loaded.facts.iloc[[n for n in places.values() if n is not None]]
    if not lookup and known.empty:
        raise Refused(missing[0])
    for sentence in missing:
        complain(sentence)
    facts = pd.concat([known, records.frame(records.rows(lookup, as_of))]) if lookup else known
    facts = facts.drop_duplicates("id").reset_index(drop=True)
    return facts, list(range(len(facts))), bool(missing)


def _look_up(wanted: Sequence[str], loaded: snapshot.Snapshot) -> tuple[list[dict[str, Any]], list[str]]:
    from data.models import lookup
    from terminal.choices import cautions

    for sentence in cautions():
        complain(sentence)

    lookup_service = lookup.LookupService(burst=max(lookup.BURST, len(wanted)))
    asked: dict[str, lookup.Lookup] = {}
    missing: list[str] = []
    refused: dict[str, str] = {}
    for one in wanted:
        try:
            asked[one] = lookup_service.ask(one)
        except lookup.Refused as wrong:
            refused[one] = str(wrong)
    with console.status("Asking the Hub"):
        for found in asked.values():
            found.done.wait()
    refused |= {one: found.refused for one, found in asked.items() if found.refused}
    for one, reason in refused.items():
        known = nearest(one[:200], loaded.position)
        missing.append(f"There is no model {one[:100]} in snapshot {loaded.taken}{known} {reason}")
    for found in asked.values():
        said = lookup.WORDS | lookup.ODD_VALUES
        missing += [f"{found.model}: {said[part]} is unknown. {reason}" for part, reason in found.failed.items()]
    return [found.record for found in asked.values() if found.record is not None], missing
