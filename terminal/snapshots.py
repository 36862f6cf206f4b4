"""`weighbridge snapshot list` and `verify`: the snapshots of models and the months of organisations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from data.archive import SnapshotError, dates, root
from data.models import snapshot
from data.organisations import month
from terminal.console import console
from terminal.said import Refused, complain

KINDS = {snapshot.KIND: snapshot.verify, month.KIND: month.verify}


def show() -> None:
    """List the snapshots of models and of organisations, with what is in them."""
    for kind, taken in _known():
        try:
            contents = _contents(kind, KINDS[kind](root() / kind / taken))
        except SnapshotError as wrong:
            contents = f"damaged: {wrong}"
        console.print(f"{taken}  {kind}  {contents}", soft_wrap=True)


def verify(taken: Annotated[str | None, typer.Argument(metavar="DATE")] = None) -> None:
    """Check every file of a snapshot (default: of all) against its manifest."""
    known = _known()
    asked = [(kind, one) for kind, one in known if taken in (None, one)]
    if not asked:
        named = ", ".join(one for _, one in known) or "none"
        raise Refused(f"There is no snapshot {f'{taken} ' if taken else ''}in {root()}; the snapshots are {named}.")
    differ = False
    for kind, one in asked:
        try:
            KINDS[kind](root() / kind / one)
            console.print(f"{one} of {kind} is sound.")
        except SnapshotError as wrong:
            differ = True
            complain(str(wrong))
    if differ:
        raise typer.Exit(1)


def _known() -> list[tuple[str, str]]:
    return [(kind, taken) for kind in KINDS for taken in dates(kind)]


def _contents(kind: str, manifest: Mapping[str, Any]) -> str:
    number = len(manifest["sources"])
    sources = f"from {number} source{'s' * (number != 1)}"
    if kind == month.KIND:
        return f"{manifest['organisations']:,} organisations, {manifest['rows']:,} repository rows {sources}"
    return f"{manifest['rows']:,} models {sources}"
