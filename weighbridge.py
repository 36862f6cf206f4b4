"""The door of the `weighbridge` command: what needs no pandas opens without it, everything else is in cli.py."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typer


def main() -> None:
    """Run the command; it may be stopped at any moment, also while it still imports."""
    try:
        from terminal.run import run

        run(_everything)
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.exit(130)


def _everything() -> typer.Typer:
    from cli import app

    return app


if __name__ == "__main__":
    main()
