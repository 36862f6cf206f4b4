"""The door of the `weighbridge` command: what needs no pandas opens without it, everything else is in cli.py."""

from __future__ import annotations

import typer

from terminal.run import run


def main() -> None:
    """Run the command."""
    run(_everything)


def _everything() -> typer.Typer:
    from cli import app

    return app


if __name__ == "__main__":
    main()
