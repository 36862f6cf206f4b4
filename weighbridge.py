"""The start of the `weighbridge` command, and of a notebook: `import weighbridge as wb; wb.load().rank()`.

Light, so that Ctrl-C stops the command at any moment, also while it still imports.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from components.weights.notebook import Explorer
    from terminal.notebook import Loaded, Ranking


def load(snapshot: str = "", within: Path | None = None) -> Loaded:
    """Load a snapshot of models by its date (default: the newest sound one), from the folder `within` or the bundle.

    ValueError says what is wrong with it. What it returns ranks models and organisations.
    """
    from terminal import notebook

    return notebook.load(snapshot, within)


def explore(models: Loaded | Ranking) -> Explorer:
    """Show sliders over a ranking, or over all that is loaded: what is moved in the cell is what Python has."""
    from components.weights import notebook

    return notebook.explore(models)


def main() -> None:
    """Run the command."""
    try:
        import cli

        cli.main()
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
