"""The examples of CONTRIBUTING.md, applied letter by letter to a copy of the tree: each appears everywhere."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import network
from tests.platforms.server import Answer, Server

ROOT = Path(__file__).resolve().parents[1]
LEFT_BEHIND = shutil.ignore_patterns(
    ".*cache*", ".venv", ".git", ".hypothesis", "__pycache__", "*.egg-info", "screenshots"
)
MODEL_ID = "openai/whisper-large-v3-turbo"
EXAMPLES = {  # heading -> the files that its diff touches
    "Add a factor in five minutes": ["scoring/factors/operational.py"],
    "Add a view key": ["scoring/view.py"],
    "Add a page": ["pages/about/flags.py", "components/pages.py", "pages/flags.py"],
    "Add a platform": ["data/platforms/codeberg.py", "data/platforms/__init__.py"],
}

# All of these run in the copy, in processes of their own, so that nothing of the tree under test is imported.
COMMANDS = """
import contextlib, io, json, sys
import cli

printed = []
for line in json.loads(sys.argv[1]):
    sys.argv = ["weighbridge", *line.split()]
    with contextlib.redirect_stdout(io.StringIO()) as out:
        try:
            cli.main()
        except SystemExit as left:
            assert not left.code, line
    printed.append(out.getvalue())
print(json.dumps(printed))
"""
LINES = [
    *("docs", "collect --help", "rank models --help", "score --help"),
    *(f"explain {MODEL_ID}", f"explain {MODEL_ID} --format json"),
    "rank models --lineage original --format json",
]

PAGES = f"""
from streamlit.testing.v1 import AppTest

def opened(path, **query):
    app = AppTest.from_file(path, default_timeout=120)
    app.session_state["all"] = True  # the place for the weights of factors is open
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


PLATFORM = """
from data.http.secrets import redact
from data.jobs import job
from data.organisations import month, provenance
from data.platforms import FORGES, named
from terminal.choices import cautions

codeberg = named("Codeberg")
assert FORGES["codeberg.org"] is codeberg
request = codeberg.request("repository", "a/b", "/repos/a/b")
assert request.secret == {"headers": {"Authorization": "token canary-0123456789"}}
assert redact("a reply with canary-0123456789 in it") == "a reply with [removed] in it"
(row,) = [origin for origin in provenance.platforms(month.load()) if origin.name == "Codeberg"]
assert row.gives == provenance.NOTHING
print(*job({"source": "codeberg", "ids": ["a/b"], "author": "", "table": ""}).plan().sentences())
"""


# A setting: its control is in the panel, its key in the link, and it lists whom it is about.
KEY = """
import urllib.parse
from streamlit.testing.v1 import AppTest
from components.links import linked

app = AppTest.from_file("app.py", default_timeout=120)
app.query_params["lineage"] = "original"
app.run()
assert not app.exception, app.exception
box = app.multiselect(key="lineage")
assert (box.label, box.value, box.placeholder) == ("Lineage", ["original"], "originals and derivatives")
assert "by the lineage" in app.main.markdown[1].value
assert not app.warning
box.set_value(["derivative"]).run()
address = linked(app.session_state["_view"], "https://example.org")
assert urllib.parse.urlsplit(address).query == "lineage=derivative"
"""

PAGE = """
from streamlit.testing.v1 import AppTest

app = AppTest.from_file("app.py", default_timeout=120).run()
app.switch_page("pages/about/flags.py").run()
assert not app.exception, app.exception
assert app.title[0].value == "Flags"
assert any(c.value.startswith("Weighbridge ") for c in app.main.caption)
alone = AppTest.from_file("pages/about/flags.py", default_timeout=120).run()
assert not alone.exception, alone.exception

link = 'from components import links; links.link_to("flags", "All flags")'
assert AppTest.from_string(link).run().markdown[0].value == "All flags"
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    tree = tmp_path_factory.mktemp("contributing") / "tree"
    shutil.copytree(ROOT, tree, ignore=LEFT_BEHIND)
    for heading in EXAMPLES:
        applied(diff(heading), tree)
    return tree


def diff(heading):
    """The diff of a section of CONTRIBUTING.md."""
    section = (ROOT / "CONTRIBUTING.md").read_text("utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    (found,) = re.findall(r"^```diff\n(.*?)^```", section, re.DOTALL | re.MULTILINE)
    return found


def applied(diff, tree):
    """Apply a diff as `patch` does: each hunk where its context stands, which must be one place."""
    for part in re.split(r"^(?=--- )", diff, flags=re.MULTILINE)[1:]:
        head, *hunks = re.split(r"^@@.*@@\n", part, flags=re.MULTILINE)
        old, new = re.findall(r"^(?:---|\+\+\+) (?:[ab]/)?(\S+)$", head, re.MULTILINE)
        if old == "/dev/null":
            assert not (tree / new).exists()
            (tree / new).write_text("".join(line[1:] for line in hunks[0].splitlines(keepends=True)), "utf-8")
        else:
            assert old == new
            changed(tree / new, hunks)


def changed(path, hunks):
    text = path.read_text("utf-8")
    for hunk in hunks:
        lines = hunk.splitlines()
        before = "\n".join(line[1:] for line in lines if not line.startswith("+"))
        after = "\n".join(line[1:] for line in lines if not line.startswith("-"))
        assert text.count(before) == 1, f"the context of this hunk does not stand in {path} once:\n{before}"
        text = text.replace(before, after)
    path.write_text(text, "utf-8")


@pytest.fixture(scope="module")
def printed(copy):
    """What each command prints in the copy, by its line."""
    return dict(zip(LINES, json.loads(run(copy, "-c", COMMANDS, json.dumps(LINES))), strict=True))


def run(tree, *command, **environment):
    env = network.environment() | environment
    done = subprocess.run([sys.executable, *command], cwd=tree, env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.mark.parametrize("heading", EXAMPLES)
def test_an_example_touches_no_other_files(heading):
    assert re.findall(r"^\+\+\+ b/(\S+)$", diff(heading), re.MULTILINE) == EXAMPLES[heading]


def test_factor_view_key_and_page_appear_in_the_app(copy):
    """The factor in slider, tables and curve; the key in panel and link; the page in navigation, links and alone."""
    run(copy, "-c", PAGES + KEY + PAGE)
    run(copy, "-m", "pytest", "-q", "--noconftest", "-p", "no:cacheprovider", "tests/test_house.py", "-k", "way_in")


def test_the_factor_appears_in_the_receipt(printed):
    assert '"size"' in printed[f"explain {MODEL_ID} --format json"]
    assert "Size" in printed[f"explain {MODEL_ID}"]


def test_the_factor_appears_in_the_docs(copy, printed):
    written = (copy / "docs" / "factors.md").read_text("utf-8")
    assert "How many parameters has it?" in written
    assert "in steps of magnitude" in written.split("<a id='size'></a>")[1].split("####")[0]


def test_the_platform_is_in_the_help_of_collect(printed):
    assert "codeberg" in printed["collect --help"]


def test_the_platform_appears_in_the_plan_on_the_sources_page_and_in_the_token_rules(copy):
    said = run(copy, "-c", PLATFORM, CODEBERG_TOKEN="canary-0123456789")
    assert said.strip() == "About 1 call for 1 repository: calls (1)."


def test_the_platform_is_collected(copy, tmp_path):
    (tmp_path / "ids.txt").write_text("https://codeberg.org/a/b\n")
    repository = {"id": 1, "full_name": "a/b", "stars_count": 300, "forks_count": 20, "created_at": "2020-01-01"}
    with Server(lambda request: Answer(repository)) as server:
        line = ("collect", "codeberg", "--ids", str(tmp_path / "ids.txt"), "--run", str(tmp_path), "--format", "json")
        row = json.loads(run(copy, "cli.py", *line, CODEBERG_API_URL=server.url))
    assert (row["source"], row["repository"]) == ("Codeberg", "a/b")
    assert (row["stars"], row["forks"], row["created"]) == (300, 20, "2020-01-01")


def test_the_copy_is_what_was_run(copy):
    assert run(copy, "-c", "import scoring; print(scoring.__file__)").strip() == str(copy / "scoring" / "__init__.py")


def test_the_view_key_appears_in_the_command_line(printed, bundled):
    for command in ("rank models", "score"):
        assert "--lineage" in printed[f"{command} --help"]
    ranked = printed["rank models --lineage original --format json"].splitlines()
    originals = bundled.facts["id"][(bundled.facts["lineage"] == "original").fillna(False)]
    assert {json.loads(line)["id"] for line in ranked} == set(originals)
