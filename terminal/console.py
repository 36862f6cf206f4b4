"""Where tables for people go, and how they look: ids and paths are text, never markup."""

from __future__ import annotations

import os
import sys
from typing import Any

from rich.console import Console

# A pipe or a file has room for whole lines.
_WIDTH = None if "COLUMNS" in os.environ or (sys.stdout and sys.stdout.isatty()) else 160
PLAIN: dict[str, Any] = {"box": None, "header_style": "bold", "pad_edge": False, "padding": (0, 1, 0, 0)}
console = Console(markup=False, emoji=False, highlight=False, width=_WIDTH)
