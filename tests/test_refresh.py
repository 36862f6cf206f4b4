"""`make refresh` against a server that plays the Hub, and the workflow that runs it every week."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from data.models import snapshot
from scoring.reasons.receipt import day
from tests.command import jsonl
from tests.platforms import server as bad
from tests.platforms.command import ROOT, command, run
from tests.platforms.hub import Hub
from tests.platforms.server import Server

VENV = Path(sys.executable).parents[1]
WORKFLOW = yaml.safe_load((ROOT / ".github" / "workflows" / "refresh.yml").read_text())


@pytest.fixture
def server():
    with Server(Hub(models=6, owners=2)) as running:
        yield running


def refresh(server, snapshots, work):
    """Run the target as it is, with what it installs taken for installed."""
    _, env = command(server, WEIGHBRIDGE_SNAPSHOTS=str(snapshots))
    line = ["make", "refresh", f"VENV={VENV}", f"REFRESH={work}", "-o", f"{VENV}/.runtime", "-o", f"{VENV}/.project"]
    return subprocess.run(line, env=env, cwd=ROOT, capture_output=True, text=True, timeout=200)


def test_a_refresh_renews_what_is_listed_and_says_what_moved(server, tmp_path, snapshots):
    listed = [f"org-{n % 2}/model-{n}" for n in range(5)] + ["org-0/deleted"]
    dated = {"likes": ["hub-stats", "2026-10-01"], "citations": ["Semantic Scholar", "2026-10-01"]}
    rows = [{"id": model, "likes": 1, "citations": 7, "_provenance": dated} for model in listed]
    (tmp_path / "old.jsonl").write_bytes(jsonl(*rows))
    at = ("--as-of", "2026-10-09")
    built = run(server, "snapshot", "build", "--from", tmp_path / "old.jsonl", "--into", snapshots, *at)
    assert built.returncode == 0, built.stderr
    server.break_on("/api/models/org-1/model-3", bad.status(502))
    done = refresh(server, snapshots, tmp_path / "work")
    assert done.returncode == 0, done.stderr
    before, now = snapshot.dates("models")
    found = snapshot.load(now)
    assert found.facts["id"].tolist() == sorted(listed[:5])
    assert found.facts.set_index("id").loc["org-1/model-3", "likes"] == 1  # could not be read: as it was
    assert found.facts.set_index("id").loc["org-0/model-4", "likes"] == 4
    assert found.facts["citations"].tolist() == [7] * 5
    moved = (tmp_path / "work" / "moved.md").read_text()
    assert moved.startswith(f"# Models from {day(before)} to {day(now)}\n\n0 new, 1 gone, 5 in both, 5 moved.\n")
    assert "## Gone\n\n- `org-0/deleted`\n" in moved
    # What counts follows from what is known of all, so the one that could not be read moved through the others.
    assert moved.count("\n| `org-") == 5
    (unread,) = [line for line in moved.splitlines() if line.startswith("| `org-1/model-3`")]
    assert unread.endswith("| a cap, or the others |")


def test_a_refresh_that_can_read_nothing_builds_nothing(server, tmp_path, snapshots):
    (tmp_path / "old.jsonl").write_bytes(jsonl({"id": "org-0/model-0", "likes": 1}))
    run(server, "snapshot", "build", "--from", tmp_path / "old.jsonl", "--into", snapshots, "--as-of", "2026-10-09")
    server.break_on("/api/", bad.status(503))
    done = refresh(server, snapshots, tmp_path / "work")
    assert done.returncode == 2
    assert snapshot.dates("models") == ["2026-10-09"]
    assert not (tmp_path / "work" / "moved.md").exists()


def test_the_workflow_runs_the_target_and_nothing_that_is_not_pinned():
    (job,) = WORKFLOW["jobs"].values()
    used = [step["uses"] for step in job["steps"] if "uses" in step]
    assert used
    assert all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", action) for action in used)
    commands = [step["run"] for step in job["steps"] if "run" in step]
    assert commands[0] == "make refresh"
    assert "make refresh-organisations" in commands[1]
    assert "--body-file data/raw/refresh/moved.md" in commands[2]
    assert WORKFLOW["permissions"] == {"contents": "read"}


def test_a_month_of_the_organisations_is_collected_and_built():
    line = ["make", "--no-print-directory", "--dry-run", "refresh-organisations", f"VENV={VENV}", "REFRESH=work"]
    done = subprocess.run(
        [*line, "-o", f"{VENV}/.runtime", "-o", f"{VENV}/.project"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    commands = [line.partition("weighbridge ")[2].partition(" ||")[0] for line in done.stdout.splitlines()[1:]]
    assert commands == [
        "collect organisations --run work/organisations",
        "snapshot build --from work/organisations",
        "snapshot verify",
    ]


def test_only_a_collection_of_models_renews_a_snapshot(server, tmp_path, snapshots):
    (tmp_path / "old.jsonl").write_bytes(jsonl({"id": "a/b"}))
    done = run(server, "snapshot", "build", "--from", tmp_path / "old.jsonl", "--renew", "--into", snapshots)
    assert (done.returncode, done.stderr) == (
        2,
        f"--renew needs a collection of models, which {tmp_path / 'old.jsonl'} is not.\n",
    )
