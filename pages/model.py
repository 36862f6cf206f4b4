"""A deep link that comes before app.py has run starts here; the screens lie one level below."""

import runpy
from pathlib import Path

runpy.run_path(str(Path(__file__).parents[1] / "app.py"), run_name="__main__")
