"""The start of the `weighbridge` command: Ctrl-C stops it at any moment, also while it still imports."""

from __future__ import annotations

import sys


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
