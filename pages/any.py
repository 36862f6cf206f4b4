"""The way in for a deep link: until app.py has run once, Streamlit takes this folder for the app's pages.

Every file here hands over to the router; the screens themselves lie one level below.
"""

import runpy
from pathlib import Path

runpy.run_path(str(Path(__file__).parents[1] / "app.py"), run_name="__main__")
