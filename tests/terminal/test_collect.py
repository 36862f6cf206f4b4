"""`weighbridge collect` as a command: what it says, and how it ends."""

import gzip
import json

import pytest

from data.models import snapshot
from tests.platforms import server as bad
from tests.platforms.command import ROOT, run
from tests.platforms.faults import FAULTS
from tests.platforms.forges import GitHub
from tests.platforms.hub import Hub, Quota
from tests.platforms.listings import BAAI, ModelScope
from tests.platforms.server import Server

# One of each kind; tests/data/platforms/hub/test_ask.py has every fault in every part, without the command around it.
SOME = (
    "429 RateLimit 1",
    "502",
    "404",
    "a byte at a time",
    "gzip cut short",
    "HTML under 200",
    "values of absurd shape",
)


@pytest.fixture
def server():
    with Server(Hub(models=12, owners=3, page=5)) as running:
        yield running


def test_a_collection_becomes_a_snapshot_and_ranks(server, tmp_path, snapshots):
    done = run(server, "collect", "huggingface", "--run", tmp_path / "run")
    assert done.returncode == 0
    assert "About" in done.stderr
    assert "12 done" in done.stderr
    built = run(server, "snapshot", "build", "--from", tmp_path / "run", WEIGHBRIDGE_SNAPSHOTS=str(snapshots))
    assert built.returncode == 0, built.stderr
    assert "12 records" in built.stdout
    ranked = run(server, "rank", "models", "--format", "json", WEIGHBRIDGE_SNAPSHOTS=str(snapshots))
    rows = [json.loads(line) for line in ranked.stdout.splitlines()]
    assert len(rows) == 12
    assert all(row["coverage"] == 1.0 for row in rows)
    explained = run(server, "explain", "org-0/model-0", WEIGHBRIDGE_SNAPSHOTS=str(snapshots))
    assert "Hugging Face Hub" in explained.stdout
    assert "Usage" not in b"".join(gzip.decompress(p.read_bytes()) for p in snapshots.rglob("*.gz")).decode()


def test_the_plan_comes_first_and_alone_if_asked(server, tmp_path):
    done = run(server, "collect", "huggingface", "--top", "3000", "--plan", "--run", tmp_path)
    assert done.returncode == 0
    assert "listing pages (3)" in done.stderr
    assert "HF_TOKEN" in done.stderr
    assert server.log == []


def test_a_plan_takes_nothing_that_only_a_collection_uses(server, tmp_path):
    done = run(server, "collect", "huggingface", "--top", "3", "--plan", "--jobs", "4", "--format", "json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "--plan collects nothing, so it takes no --jobs and no --format.\n"


def test_ids_from_a_file_and_printed_rows_that_score_reads(server, tmp_path):
    ids = tmp_path / "ids.txt"
    ids.write_text("# mine\norg-1/model-1\nhttps://huggingface.co/org-2/model-2\n\norg-1/model-1\n")
    done = run(server, "collect", "huggingface", "--ids", ids, "--format", "json", "--run", tmp_path / "run")
    assert done.returncode == 0
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["org-1/model-1", "org-2/model-2"]
    scored = run(server, "score", "-", "--format", "json", text=done.stdout)
    assert len(scored.stdout.splitlines()) == 2


def test_what_is_missing_gives_one_line_a_kind_and_exit_1(server, tmp_path):
    server.break_on("/discussions", bad.status(403))
    server.break_on("/scan", bad.status(500))
    done = run(server, "collect", "huggingface", "--run", tmp_path)
    assert done.returncode == 1
    assert [line for line in done.stderr.splitlines() if " missing (" in line] == [
        line for line in done.stderr.splitlines() if line.startswith("12 missing (")
    ]
    assert done.stderr.count(" missing (") == 2


def test_nothing_at_all_gives_exit_2(server, tmp_path):
    done = run(server, "collect", "huggingface", "--run", tmp_path, HF_ENDPOINT="http://127.0.0.1:9")
    assert done.returncode == 2
    assert "refuses connections" in done.stderr


@pytest.mark.parametrize("name", SOME)
def test_any_fault_in_the_middle_of_a_run(server, tmp_path, snapshots, name):
    server.break_on("org-1/model-4", FAULTS[name])
    done = run(server, "collect", "huggingface", "--run", tmp_path / "run", "--max-wait", "1.2", "--jobs", "3")
    built = run(server, "snapshot", "build", "--from", tmp_path / "run", WEIGHBRIDGE_SNAPSHOTS=str(snapshots))
    assert done.returncode == built.returncode == 1
    loaded = snapshot.load(within=snapshots)
    facts = loaded.facts.set_index("id")
    assert len(facts) == 12
    assert facts.loc["org-1/model-4", ["discussions", "pull_requests", "hub_scan"]].isna().all()
    assert facts.loc["org-2/model-5", ["discussions", "pull_requests", "hub_scan"]].notna().all()
    assert loaded.evidence("org-1/model-4", "hub_scan", None, "").note.endswith(".")


def organisations(tmp_path, servers):
    """A table of two organisations, and where their platforms are."""
    path = tmp_path / "pages.csv"
    path.write_text(
        "organisation,platform,handle,page\nAli,Hugging Face,org-1,https://huggingface.co/org-1\n"
        "Ali,ModelScope,Qwen,\nBAAI,BAAI,,\n",
        "utf-8",
    )
    hub, modelscope, baai, github = servers
    return path, {
        "HF_ENDPOINT": hub.url,
        "MODELSCOPE_ENDPOINT": modelscope.url,
        "BAAI_API_URL": baai.url,
        "GITHUB_API_URL": github.url,
        "WEIGHBRIDGE_SNAPSHOTS": str(tmp_path / "snapshots"),
    }


def test_organisations_become_a_month_that_ranks(tmp_path):
    with Server(Hub(12, 3, 5)) as hub, Server(ModelScope()) as ms, Server(BAAI(4)) as baai, Server(GitHub()) as github:
        pages, env = organisations(tmp_path, (hub, ms, baai, github))
        collect = ("collect", "organisations", "--pages", pages, "--run", tmp_path / "run")
        ms.break_on("/datasets", bad.status(500))
        done = run(hub, *collect, **env)
        assert done.returncode == 1
        assert "2 organisations on 3 pages" in done.stderr
        asked = len(hub.log)
        built = run(hub, "snapshot", "build", "--from", tmp_path / "run", **env)
        assert built.returncode == 1
        assert "Ali has no dataset facts: ModelScope was not read to the end." in built.stderr
        ms.faults.clear()
        done = run(hub, *collect, "--format", "json", **env)
        assert done.returncode == 0
        assert len(hub.log) == asked  # what is there is not asked again
        assert {json.loads(line)["source"] for line in done.stdout.splitlines()} == {
            "HuggingFace",
            "ModelScope",
            "BAAIData",
        }
        built = run(hub, "snapshot", "build", "--from", tmp_path / "run", **env)
        assert (built.returncode, built.stderr) == (0, "")
        assert "19 repository rows" in built.stdout  # 4 models and 1 data set, 7 and 3, 4
    ranked = run(hub, "rank", "organisations", "--format", "csv", **env)
    assert sorted(line.split(",")[0] for line in ranked.stdout.splitlines()[1:]) == ["Ali", "BAAI"]
    said = run(hub, "explain", "--organisation", "Ali", "--format", "json", **env)
    lines = {line["id"]: line for line in json.loads(said.stdout)["indicators"]}
    assert lines["model_num_language"]["value"] == 11
    assert lines["system_stars"]["as_of"] == json.loads(said.stdout)["month"]


def test_a_wait_for_quota_is_announced_and_ends(tmp_path):
    quota = Quota(20, 2)
    with Server(Hub(models=12, owners=3, api=quota)) as server:
        done = run(server, "collect", "huggingface", "--run", tmp_path, "--max-wait", "10")
        assert done.returncode == 0
        assert "Waiting" in done.stderr
        assert quota.refused <= 3
        done = run(server, "collect", "huggingface", "--run", tmp_path / "impatient", "--max-wait", "0")
        assert done.returncode == 1
        assert "(quota used up)" in done.stderr


BAD = {
    "no such source": (["collect", "kaggle"], "kaggle"),
    "no such file": (
        ["collect", "huggingface", "--ids", "nothing.txt"],
        "there is no such file or folder|no such file",
    ),
    "no such step": (
        ["collect", "huggingface", "--with", "magic,sleight"],
        "huggingface cannot be asked for magic or sleight; ",
    ),
    "no such table": (["collect", "sites", "--table", "nothing.csv"], "nothing.csv"),
    "no ids": (["collect", "github"], "--ids"),
    "a table without organisations": (["collect", "organisations", "--pages", str(ROOT / "README.md")], "README.md"),
    "an organisation that the table lacks": (
        ["collect", "organisations", "--ids", str(ROOT / "LICENSE")],
        "The table of organisations does not have",
    ),
    "deadline 0": (["collect", "huggingface", "--deadline", "0"], "deadline"),
    "tries 9": (["collect", "huggingface", "--tries", "9"], "tries"),
    "a date that is none": (["collect", "sites", "--as-of", "soon"], "soon"),
    "a folder that is a file": (["collect", "huggingface", "--run", str(ROOT / "weighbridge.py")], "weighbridge.py"),
    "a folder without a run": (["snapshot", "build", "--from", str(ROOT / "docs")], "docs"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_mistake_is_one_sentence_and_exit_2(server, name):
    arguments, words = BAD[name]
    done = run(server, *arguments)
    assert done.returncode == 2
    lines = [line for line in done.stderr.splitlines() if line]
    assert len(lines) == 1 or lines[0].startswith("About")
    assert any(word in lines[-1] for word in words.split("|"))
    assert server.log == []


@pytest.mark.parametrize("text", ["a/b/c", "../etc", "http://127.0.0.2/a/b", "org/na me", "x" * 5000])
def test_no_id_no_request(server, text):
    done = run(server, "score", "--id", text)
    assert done.returncode == 2
    assert server.log == []


def test_score_looks_up_what_the_snapshot_lacks(server):
    done = run(server, "score", "--id", "https://huggingface.co/org-2/model-2", "--format", "json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["coverage"] == 1.0
    server.break_on("/discussions", bad.status(503))
    done = run(server, "score", "--id", "org-2/model-2", "--format", "json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["factors"]["discussions"]["state"] == "unknown"
    assert "discussions" in done.stderr
    done = run(server, "score", "--id", "org-2/model-2", HF_ENDPOINT="http://127.0.0.1:9")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
