"""`weighbridge docs`: the list of factors, written from their declarations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from terminal.messages import complain, say

FACTORS = Path(__file__).parents[1] / "docs" / "factors.md"


def docs(
    check: Annotated[bool, typer.Option("--check", help="Only check that docs/factors.md is up to date.")] = False,
) -> None:
    """Write docs/factors.md from the declarations."""
    from scoring.output.docs import factors_markdown
    from scoring.scorecards import MODEL, ORGANISATION

    text = factors_markdown([MODEL, ORGANISATION])
    if not check:
        FACTORS.parent.mkdir(exist_ok=True)
        FACTORS.write_text(text, "utf-8")
        say(f"Wrote {FACTORS.name}.")
    elif not FACTORS.is_file() or FACTORS.read_text("utf-8") != text:
        complain("docs/factors.md differs from the declarations; run `weighbridge docs`.")
        raise typer.Exit(1)
