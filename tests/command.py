"""Run the command as a stranger does: its output, its one sentence of complaint, its exit code."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

import cli
from tests import network

COMMAND = str(Path(sys.executable).parent / "weighbridge")
GOOD = {"id": "a/b", "likes": 99, "downloads": 9999, "tags": ["license:mit", "safetensors"]}


def process(*arguments, stdin=b"", **environment):
    """Run the command as a process of its own and return what it did; whatever it was, it is no traceback."""
    done = subprocess.run(
        [COMMAND, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        env=network.environment(**environment),
        timeout=60,
    )
    return clean(done)


def run(*arguments, stdin=b"", **environment):
    """Run the command inside this process, where that is all the same: it takes a second less."""
    streams = {"stdin": io.TextIOWrapper(io.BytesIO(stdin))}
    streams |= {name: io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for name in ("stdout", "stderr")}
    with pytest.MonkeyPatch.context() as patch:
        for name, stream in streams.items():
            patch.setattr(sys, name, stream)
        patch.delenv("COLUMNS", raising=False)
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["weighbridge", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            cli.main()
        for name in ("stdout", "stderr"):
            streams[name].flush()
        written = [streams[name].buffer.getvalue() for name in ("stdout", "stderr")]
    return clean(subprocess.CompletedProcess(arguments, int(left.value.code or 0), *written))


def clean(done):
    for text in (done.stdout, done.stderr):
        assert b"Traceback" not in text, text.decode(errors="replace")
        assert b"Error:" not in text
    return done


def refused(*arguments, by=None, **options):
    """Return the one sentence with which the command refuses: exit code 2 and nothing on standard output."""
    done = (by or run)(*arguments, **options)
    sentence = done.stderr.decode()
    assert (done.returncode, done.stdout) == (2, b""), sentence
    assert sentence.count("\n") == 1
    assert sentence.endswith(".\n")
    return sentence.strip()


def lines(done):
    """Return the result lines of `--format json`, read strictly."""
    return [
        json.loads(line, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
        for line in done.stdout.decode().splitlines()
    ]


def jsonl(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def ranking(*options, by=None, **environment):
    done = (by or run)("rank", "models", "--format", "json", *options, **environment)
    assert (done.returncode, done.stderr) == (0, b"")
    return lines(done)
