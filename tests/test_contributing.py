"""The example of CONTRIBUTING.md, taken literally: its diff, on a copy of the tree, adds a factor everywhere."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import network

ROOT = Path(__file__).resolve().parents[1]
LEFT_BEHIND = shutil.ignore_patterns(
    ".*cache*", ".venv", ".git", ".hypothesis", "__pycache__", "*.egg-info", "screenshots"
)
MODEL_ID = "openai/whisper-large-v3-turbo"

# Runs in the copy, in a process of its own, so that nothing of the tree under test is imported.
PAGES = f"""
from streamlit.testing.v1 import AppTest

def opened(path, **query):
    app = AppTest.from_file(path, default_timeout=120)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, app.exception
    return app

ranking = opened("app.py")
size = [slider for slider in ranking.slider if slider.key == "size"]
assert size and size[0].value == 0.5, "no slider"
size[0].set_value(4.0).run()
assert not ranking.exception

def shown(app):
    return any("Size" in table.value.to_string() for table in (*app.dataframe, *app.table))

assert shown(opened("pages/models/model.py", model="{MODEL_ID}")), "not in a table of the model page"
two = ["{MODEL_ID}", "openai/whisper-large-v3"]
assert shown(opened("pages/models/compare.py", compare=two)), "not in a table of the compare page"
method = opened("pages/about/method.py", factor="size")
assert len(method.get("plotly_chart")) == 1, "no curve"
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    tree = tmp_path_factory.mktemp("contributing") / "tree"
    shutil.copytree(ROOT, tree, ignore=LEFT_BEHIND)
    (diff,) = re.findall(
        r"^```diff\n(.*?)^```", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    applied(diff, tree)
    return tree


def applied(diff, tree):
    """Apply a diff as `patch` does: each hunk where its context stands, which must be one place."""
    head, *hunks = re.split(r"^@@.*@@\n", diff, flags=re.MULTILINE)
    old, new = re.findall(r"^(?:---|\+\+\+) [ab]/(\S+)$", head, re.MULTILINE)
    assert old == new
    text = (tree / new).read_text("utf-8")
    for hunk in hunks:
        lines = hunk.splitlines()
        before = "\n".join(line[1:] for line in lines if not line.startswith("+"))
        after = "\n".join(line[1:] for line in lines if not line.startswith("-"))
        assert text.count(before) == 1, f"the context of this hunk does not stand in {new} once:\n{before}"
        text = text.replace(before, after)
    (tree / new).write_text(text, "utf-8")


def run(tree, *command):
    done = subprocess.run(
        [sys.executable, *command], cwd=tree, env=network.environment(), capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_the_example_touches_one_file():
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert re.findall(r"^\+\+\+ b/(\S+)$", text, re.MULTILINE) == ["scoring/factors/operational.py"]


def test_the_factor_appears_in_slider_tables_and_curve(copy):
    run(copy, "-c", PAGES)


def test_the_factor_appears_in_the_receipt(copy):
    receipt = run(copy, "cli.py", "explain", MODEL_ID, "--format", "json")
    assert '"size"' in receipt
    assert "Size" in run(copy, "cli.py", "explain", MODEL_ID)


def test_the_factor_appears_in_the_docs(copy):
    run(copy, "cli.py", "docs")
    written = (copy / "docs" / "factors.md").read_text("utf-8")
    assert "How many parameters has it?" in written
    assert "in steps of magnitude" in written.split("<a id='size'></a>")[1].split("####")[0]


def test_the_copy_is_what_was_run(copy):
    assert run(copy, "-c", "import scoring; print(scoring.__file__)").strip() == str(copy / "scoring" / "__init__.py")
