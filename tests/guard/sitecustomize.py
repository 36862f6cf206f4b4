"""Python runs this first in a command that a test starts: see tests/network.py."""

import importlib.util
from pathlib import Path

spec = importlib.util.spec_from_file_location("network", Path(__file__).parents[1] / "network.py")
assert spec
assert spec.loader
network = importlib.util.module_from_spec(spec)
spec.loader.exec_module(network)
network.stay_home()
