"""Print scores: as lines of JSON, as CSV, or as tables for people."""

from __future__ import annotations

import json
import math
import sys
from enum import StrEnum
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from data import store
from scoring import export
from scoring.explain import receipt, words
from scoring.flags import FLAGS, flags
from scoring.report import report
from scoring.scores import Scores

console = Console()


class Format(StrEnum):
    """How results are printed."""

    table = "table"
    json = "json"
    csv = "csv"


def show(
    scores: Scores,
    facts: Any,
    positions: list[int],
    format: Format,
    receipts: bool = False,
    origin: store.Snapshot | None = None,
) -> None:
    """Print the subjects at `positions`, in that order; `receipts` adds every factor of each in a table."""
    match format:
        case Format.json:
            held = flags(facts)
            for n in positions:
                said = [f.id for f in FLAGS if held[f.id].iat[n]]
                sys.stdout.write(json.dumps(report(scores, n, facts.iloc[n].to_dict(), said), allow_nan=False) + "\n")
        case Format.csv:
            sys.stdout.write(export.csv(scores, facts, positions))
        case Format.table:
            _table(scores, positions)
            for n in positions if receipts else []:
                _receipt(scores, n, facts.iloc[n].to_dict(), origin)


def _table(scores: Scores, positions: list[int]) -> None:
    table = Table(box=None, header_style="bold")
    table.add_column("#", justify="right")
    table.add_column("Model", overflow="fold")
    for heading in ("Total", "Low-high", "Known", *(c.label for c in scores.card.categories)):
        table.add_column(heading, justify="right")
    for n in positions:
        rank, parts = scores.rank[n], scores.category_scores.iloc[n]
        table.add_row(
            "-" if math.isnan(rank) else f"{rank:.0f}",
            Text(str(scores.ids[n])),
            "unknown" if math.isnan(scores.total[n]) else f"{scores.total[n]:.1f}",
            f"{scores.low[n]:.0f}-{scores.high[n]:.0f}",
            f"{scores.coverage[n]:.0%}",
            *("unknown" if math.isnan(p) else f"{p:.0f}" for p in parts),
        )
    console.print(table)


def _receipt(scores: Scores, n: int, facts: dict[str, Any], origin: store.Snapshot | None) -> None:
    table = Table(title=Text(str(scores.ids[n])), title_justify="left", box=None, header_style="bold")
    for heading, side in (("Factor", "left"), ("Value", "left"), ("State", "left"), ("Scaled", "right")):
        table.add_column(heading, justify=side)  # type: ignore[arg-type]
    for heading, side in (("Share", "right"), ("Points", "right"), ("Source", "left"), ("As of", "left")):
        table.add_column(heading, justify=side)  # type: ignore[arg-type]
    for line in receipt(scores, n, facts):
        said = origin and origin.evidence(str(scores.ids[n]), line.factor.reads[0], line.value, "")
        table.add_row(
            line.factor.label,
            Text(words(line)),
            line.state.replace("_", " "),
            "-" if line.scaled is None else f"{line.scaled:.2f}",
            f"{line.share:.1%}",
            f"{line.points:.2f}",
            Text(said.source if said else ""),
            said.as_of if said else "",
        )
    table.add_row("Total", "", "", "", "", f"{scores.uncapped[n]:.2f}", "", "")
    console.print(table)
    cap = next((c for c in scores.card.caps if c.id == scores.capped_by(n)), None)
    if cap and scores.uncapped[n] > cap.limit:
        console.print(f"Held at {cap.limit:.0f}, because {cap.label}.")


def complain(sentence: str) -> None:
    """Say one sentence on standard error."""
    sys.stderr.write(" ".join(sentence.split()) + "\n")
