"""What changed from one snapshot to a later one, fact by fact, of the models that are in both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from data.models.schema import FACTS
from data.models.snapshot import Snapshot
from scoring.reasons.moves import Changed

GROWING: Final = ("age_days", "days_since_update")  # by themselves, with the day of the snapshot


def in_both(now: Snapshot, before: Snapshot) -> NDArray[np.intp]:
    """Return where the models that are in both stand now and before (n x 2), in the order of their ids."""
    there = pc.index_in(_column(now, "id"), _column(before, "id"))
    here = np.flatnonzero(there.is_valid().to_numpy(zero_copy_only=False))
    return np.stack([here, there.drop_null().to_numpy()], axis=1).astype(np.intp)


def changes(now: Snapshot, before: Snapshot, rows: NDArray[np.intp]) -> Iterator[Changed]:
    """Compare every fact of the models that stand in these `rows` (see `in_both`), a column after the other."""
    here, there = (pa.array(column) for column in rows.T)
    for name, fact in FACTS.items():
        if name not in GROWING:
            is_, was = _column(now, name).take(here), _column(before, name).take(there)
            came = _count(pc.and_not(is_.is_valid(), was.is_valid()))
            went = _count(pc.and_not(was.is_valid(), is_.is_valid()))
            text = fact.dtype == "string"
            yield Changed(
                fact=name,
                words=fact.words,
                changed=_count(pc.not_equal(is_, was)) + came + went,
                risen=0 if text else _count(pc.greater(is_, was)),
                fallen=0 if text else _count(pc.less(is_, was)),
                now_known=came,
                no_longer_known=went,
            )


def _count(holds: pa.Array) -> int:
    return int(pc.sum(holds).as_py() or 0)


def _column(snapshot: Snapshot, name: str) -> Any:
    """Read a column in one piece; a fact that an older snapshot lacks is unknown of all."""
    if snapshot.file and name in snapshot.file.names:
        column = snapshot.file.column(name)
    else:
        column = pa.table({name: snapshot.facts[name]})[name]
    text = name == "id" or FACTS[name].dtype == "string"  # of which there are several types
    return (column.cast(pa.string()) if text else column).combine_chunks()
