"""Print scores: as lines of JSON, as CSV, or as tables for people."""

from __future__ import annotations

import json
import math
import sys
from typing import Any

import numpy as np
from rich.table import Table
from rich.text import Text

from data.models import snapshot
from scoring.output.export import ranking_csv, report
from scoring.reasons.flags import FLAGS, flags
from scoring.reasons.receipt import receipt, words
from scoring.scores import Scores
from terminal.console import PLAIN, console
from terminal.said import Format


def show(
    scores: Scores,
    facts: Any,
    positions: list[int],
    format: Format,
    receipts: bool = False,
    origin: snapshot.Snapshot | None = None,
) -> None:
    """Print the subjects at `positions`, in that order; `receipts` adds every factor of each in a table."""
    match format:
        case Format.json:
            held = flags(facts).to_numpy()
            for n, row in zip(positions, facts.iloc[positions].to_dict("records"), strict=True):
                said = [f.id for f, holds in zip(FLAGS, held[n], strict=True) if holds]
                sys.stdout.write(json.dumps(report(scores, n, row, said), allow_nan=False) + "\n")
        case Format.csv:
            sys.stdout.write(ranking_csv(scores, facts, flags(facts), np.array(positions, dtype=np.intp)))
        case Format.table:
            _table(scores, positions)
            for n in positions if receipts else []:
                _receipt(scores, n, facts.iloc[n].to_dict(), origin)


def _table(scores: Scores, positions: list[int]) -> None:
    table = Table(**PLAIN)
    table.add_column("#", justify="right")
    table.add_column("Model", overflow="fold", min_width=26)
    for heading in ("Total", "Low-high", "Known"):
        table.add_column(heading, justify="right", no_wrap=True)
    for c in scores.card.categories:
        table.add_column(c.label if console.width > 99 else f"{c.label[:4]}.", justify="right", no_wrap=True)
    for n in positions:
        rank, parts = scores.rank[n], scores.category_scores.iloc[n]
        table.add_row(
            "-" if math.isnan(rank) else f"{rank:.0f}",
            Text(str(scores.ids[n])),
            _number(scores.total[n], 1),
            f"{scores.low[n]:.0f}-{scores.high[n]:.0f}",
            f"{scores.coverage[n]:.0%}",
            *(_number(p, 0) for p in parts),
        )
    console.print(table)


def _receipt(scores: Scores, n: int, facts: dict[str, Any], origin: snapshot.Snapshot | None) -> None:
    table = Table(title=Text(str(scores.ids[n])), title_justify="left", **PLAIN)
    for heading, longest in (("Factor", 13), ("Value", 12), ("State", 7)):
        table.add_column(heading, overflow="fold", min_width=longest)
    for heading in ("Scaled", "Share", "Points"):
        table.add_column(heading, justify="right", no_wrap=True)
    if origin:
        table.add_column("Source", overflow="fold", min_width=11)
        table.add_column("As of", no_wrap=True, min_width=10)
    reasons: list[str] = []
    for line in receipt(scores, n, facts):
        said = [origin.evidence(str(scores.ids[n]), line.factor.reads[0], line.value, "")] if origin else []
        reasons += [f"{line.factor.label}: {one.note}" for one in said if one.note]
        table.add_row(
            line.factor.label,
            Text(words(line)),
            "n/a" if line.state == "not_applicable" else line.state,
            "-" if line.scaled is None else f"{line.scaled:.2f}",
            f"{line.share:.1%}",
            f"{line.points:.2f}",
            *(text for one in said for text in (one.source, one.as_of)),
        )
    table.add_row("Total", "", "", "", "", _number(scores.uncapped[n], 2))
    console.print(table)
    for reason in reasons:
        console.print(reason, markup=False, highlight=False, soft_wrap=True)
    cap = next((c for c in scores.card.caps if c.id == scores.capped_by(n)), None)
    if cap and scores.uncapped[n] > cap.limit:
        console.print(f"Held at {cap.limit:.0f}, because {cap.label}.")


def _number(value: float, decimals: int) -> str:
    return "unknown" if math.isnan(value) else f"{value:.{decimals}f}"
