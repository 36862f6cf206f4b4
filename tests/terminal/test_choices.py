"""What a collection is asked for: ids however they are written, and every mistake in one sentence, before any call."""

import subprocess
import sys

import pytest

from data.collect.replies import ReplyStore
from data.jobs import SOURCES
from terminal.choices import options
from tests.platforms.command import ROOT, run
from tests.platforms.forges import GitHub
from tests.platforms.hub import Hub
from tests.platforms.server import Server


@pytest.fixture(scope="module")
def server():
    with Server(Hub(models=4, owners=2)) as running:
        yield running


WRITTEN = {
    "huggingface": ["org/name", "https://huggingface.co/org/name", " hf.co/org/name/tree/main "],
    "github": ["owner/-name.x", "https://github.com/owner/-name.x", "https://github.com/owner/-name.x/issues?q=1"],
    "gitee": ["https://gitee.com/owner/name.git"],
    "modelscope": ["Qwen/Qwen3-8B", "https://modelscope.cn/models/Qwen/Qwen3-8B/summary"],
    "opendatalab": ["OpenDriveLab/OpenLane", "https://opendatalab.com/OpenDriveLab/OpenLane"],
    "semanticscholar": ["2401.00001", "arXiv:2401.00001v2", "HTTPS://arxiv.org/pdf/2401.00001v3.pdf"],
}


@pytest.mark.parametrize("source", WRITTEN)
def test_an_id_is_one_however_it_is_written(source):
    assert len({options(source).read(text) for text in WRITTEN[source]}) == 1
    assert options(source).read(WRITTEN[source][0])


@pytest.mark.parametrize("source", [s for s in SOURCES if options(s).example])
@pytest.mark.parametrize("text", ["", "foo bar", "a/../b", "../x", "https://", "a/b/c/d e", "x" * 5000])
def test_what_is_no_id_is_none(source, text):
    assert options(source).read(text) is None
    assert options(source).read(options(source).example)


MISTAKES = {
    "ids that are none": (["github", "--ids", "-"], "foo\n../x\n", "foo is not an id such as owner/name"),
    "papers that are none": (["semanticscholar", "--ids", "-"], "a paper\n", "a paper is not an id such as 2401.00001"),
    "an option of another source": (
        ["github", "--ids", "-", "--author", "x", "--top", "3"],
        "a/b\n",
        "no --author and no --top",
    ),
    "ids for what lists everything": (["baai", "--ids", "-"], "a/b\n", "baai takes no --ids"),
    "steps of another source": (["modelscope", "--author", "x", "--with", "scan"], "", "takes no --with"),
    "a table where none is read": (["github", "--ids", "-", "--table", "x.csv"], "a/b\n", "takes no --table"),
    "going on and starting anew": (["huggingface", "--resume", "--again"], "", "give one of them"),
    "a listing beside ids": (
        ["huggingface", "--ids", "-", "--author", "x", "--top", "5"],
        "a/b\n",
        "nothing to choose",
    ),
    "a kind where there is one": (["baai", "--kind", "datasets"], "", "takes no --kind"),
    "an owner that is none": (["modelscope", "--author", " , "], "", "needs --author or --ids"),
    "a limit beyond all": (["huggingface", "--deadline", "1e400"], "", "deadline must be"),
    "nothing to ask for": (["openi"], "", "--ids or --table"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_sentence_and_nothing_is_asked(server, tmp_path, name):
    arguments, text, words = MISTAKES[name]
    done = run(server, "collect", *arguments, "--run", tmp_path / "run", text=text)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert words in done.stderr
    assert not server.log
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("source", [s for s in SOURCES if options(s).example])
@pytest.mark.parametrize(
    "text", ["https://[github.com/a/b", "http://[::1/a/b", "https://a\u2100b/c/d", "//", "\x00/\x00"]
)
def test_an_address_that_cannot_be_read_is_no_id(source, text):
    assert not options(source).read(text)


def test_closed_standard_input_is_one_sentence(tmp_path):
    line = [
        sys.executable,
        str(ROOT / "weighbridge.py"),
        "collect",
        "github",
        "--ids",
        "-",
        "--run",
        str(tmp_path / "x"),
    ]
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" <&-', "sh", *line], capture_output=True, text=True, cwd=ROOT, timeout=60
    )
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)


def test_a_run_that_was_killed_before_it_began_is_one_sentence(server, tmp_path):
    ReplyStore(tmp_path).close()
    for arguments in (
        ("snapshot", "build", "--from", tmp_path),
        ("collect", "huggingface", "--resume", "--run", tmp_path),
    ):
        done = run(server, *arguments)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
        assert "holds nothing yet" in done.stderr


def test_a_table_that_has_gone_is_one_sentence(server, tmp_path):
    table = tmp_path / "table.csv"
    table.write_text("org,name\nA,x\n")
    assert run(server, "collect", "openi", "--table", table, "--run", tmp_path / "run").returncode == 0
    table.unlink()
    done = run(server, "collect", "openi", "--resume", "--run", tmp_path / "run", "--format", "json")
    assert done.returncode == 2
    assert "table.csv" in done.stderr.splitlines()[-1]


def test_ids_that_are_none_are_left_out_and_named(tmp_path):
    with Server(GitHub()) as github:
        text = "a/b\nfoo\nhttps://github.com/c/d\na/b\n"
        done = run(github, "collect", "github", "--ids", "-", "--run", tmp_path, text=text, GITHUB_API_URL=github.url)
    assert done.returncode == 1
    assert "foo is not an id" in done.stderr
    assert "2 done" in done.stderr


def test_a_folder_of_another_source_is_not_gone_on_with(tmp_path):
    with Server(GitHub()) as github:
        env = {"GITHUB_API_URL": github.url}
        assert run(github, "collect", "github", "--ids", "-", "--run", tmp_path, text="a/b\n", **env).returncode == 0
        done = run(github, "collect", "gitee", "--resume", "--run", tmp_path, **env)
    assert done.returncode == 2
    assert "holds github, not gitee" in done.stderr


@pytest.mark.parametrize("address", ["ftp://x", "localhost:80", "http://user:secret@127.0.0.1:9"])
def test_an_address_that_is_none_is_named_and_nothing_of_it_is_shown(server, tmp_path, address):
    done = run(server, "collect", "huggingface", "--run", tmp_path, HF_ENDPOINT=address)
    assert done.returncode == 2
    assert done.stderr.startswith("HF_ENDPOINT is not an address")
    assert "secret" not in done.stderr


def test_a_token_that_no_header_carries_is_named_and_not_used(server, tmp_path):
    line = ("collect", "huggingface", "--top", "1", "--with", "none", "--run", tmp_path)
    done = run(server, *line, HF_TOKEN="two words")
    assert done.returncode == 0
    assert "HF_TOKEN is not used" in done.stderr
    assert "two words" not in done.stderr
    assert all("authorization" not in request.headers for request in server.log)
    server.log.clear()
