"""What is written agrees with what the code does: nothing undocumented, no command that is not there, no dead link."""

import json
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import cli
from components.pages import PAGES
from scoring.output.docs import factors_markdown
from scoring.scorecards import MODEL, ORGANISATION
from tests import network
from tests.command import run

ROOT = Path(__file__).resolve().parents[1]
WRITTEN = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
README = (ROOT / "README.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def commands(group=None, before=()):
    """Every command of the command line, as its words."""
    group = group or cli.app
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*before, name))
        else:
            yield " ".join((*before, name))


def test_docs_factors_is_what_the_declarations_generate():
    assert (ROOT / "docs" / "factors.md").read_text("utf-8") == factors_markdown([MODEL, ORGANISATION]), (
        "run `make docs`"
    )


def test_every_factor_command_and_page_is_written_about():
    text = "\n".join(path.read_text("utf-8") for path in WRITTEN)
    assert [f.id for f in (*MODEL.factors, *ORGANISATION.factors) if f"`{f.id}`" not in text] == []
    assert [c for c in commands() if f"`{c}`" not in text and f"weighbridge {c}" not in text] == []
    assert [p for p in PAGES if f"**{p.capitalize()}**" not in README] == []


def test_every_make_target_that_is_named_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for path in WRITTEN:
        named = set(re.findall(r"(?:`|^)make ([a-z-]+)", path.read_text("utf-8"), re.MULTILINE))
        assert named <= targets, path.name
    assert {"run", "test", "docs"} <= targets


def test_every_file_that_the_makefile_runs_exists():
    for name in re.findall(r"\$\(PY\) (\S+\.py)|-m (benchmarks\S*)", (ROOT / "Makefile").read_text("utf-8")):
        script, module = name
        path = ROOT / (script or module.replace(".", "/"))
        assert path.is_file() or path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), name


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_no_link_to_a_file_is_dead(path):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text("utf-8")):
        if not target.startswith(("http://", "https://")):
            assert (path.parent / target).exists(), target


def lines_of_the_readme():
    found = [line.split(" #")[0].strip() for block in blocks(README, "sh") for line in block.splitlines()]
    return [line for line in found if line.startswith("weighbridge ")]


@pytest.mark.parametrize("line", lines_of_the_readme())
def test_the_commands_of_the_readme_run(line, tmp_path, monkeypatch, bundled_records):
    (tmp_path / "records.jsonl").write_text("\n".join(json.dumps(r) for r in bundled_records[:3]))
    words = [*shlex.split(line)[1:], *(["--check"] if line == "weighbridge docs" else [])]
    monkeypatch.chdir(tmp_path)
    done = run(*words)
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_python_of_the_readme_runs():
    (code,) = blocks(README, "python")
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=network.environment(), check=True, timeout=120)


def test_every_dependency_says_why():
    table = (ROOT / "CONTRIBUTING.md").read_text("utf-8").split("## Dependencies")[1]
    rows = [line.split("|")[1:-1] for line in table.splitlines() if line.startswith("| ")][1:]
    named = {re.split(r"[<>=~!\[ ]", d)[0].lower() for d in PROJECT["dependencies"]}
    assert {row[0].strip() for row in rows} == named
    assert all(cell.strip() for row in rows for cell in row)


def test_the_changelog_knows_this_version_and_its_scores():
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    newest = re.split(r"^## ", text, flags=re.MULTILINE)[1]
    assert newest.startswith(PROJECT["version"])
    assert "### Scores" in newest
    assert all(f"{card.title} {card.version}" in text for card in (MODEL, ORGANISATION))


def test_the_notice_names_every_source_with_its_licence(bundled):
    notice = (ROOT / "NOTICE").read_text("utf-8")
    for source in bundled.manifest["sources"]:
        if source["url"].startswith("https://") and source["licence"]:
            (line,) = [line for line in notice.splitlines() if source["url"] in line]
            assert line.endswith(source["licence"])
            assert source["to"] in notice
