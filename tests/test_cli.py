"""The command as a whole: help, mistakes, pipes, and how it starts."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import cli
from data.models import snapshot
from tests import network
from tests.command import COMMAND, clean, jsonl, lines, process, refused, run

ROOT = Path(__file__).resolve().parents[1]


def commands(group=cli.app, before=()):
    """Every group and command, as the words that are typed."""
    yield before
    for name, command in group.commands.items():
        if isinstance(command, cli.LazyGroup):
            yield from commands(command, (*before, name))
        else:
            yield (*before, name)


def test_the_commands_are_those_of_the_design():
    assert [" ".join(words) for words in commands()] == [
        *("", "score", "rank", "rank models", "rank organisations", "explain", "verify", "collect"),
        *(
            "snapshot",
            "snapshot list",
            "snapshot verify",
            "snapshot diff",
            "snapshot build",
            "snapshot generate",
            "docs",
        ),
    ]


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_every_command_has_a_help_that_fits_80_columns(words):
    done = run(*words, "--help", COLUMNS="80")
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode()
    assert text.startswith(" ".join(["Usage: weighbridge", *words]))
    assert max(map(len, text.splitlines())) <= 80
    assert "..." not in text.replace("[ARGS]...", "")  # nothing is cut short
    options = [line for line in text.splitlines() if line.startswith("  --")]
    assert [line for line in options if len(line.split("  ")) < 3 and len(line) < 27] == []  # each says what it does


def test_help_alone_shows_the_commands():
    alone = process().stdout
    assert b"Commands:" in alone
    assert process("--help").stdout == alone


def test_an_organisation_is_an_option_that_help_shows():
    assert b"--organisation NAME" in run("explain", "--help").stdout
    assert b"organisation data" in run("snapshot", "build", "--help").stdout


def test_the_version_is_that_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert run("--version").stdout.decode() == f"weighbridge {project['version']}\n"


def test_a_list_of_commands_says_of_each_what_its_own_help_says():
    for words in commands():
        listed = run(*words[:-1], "--help").stdout.decode()
        purpose = " ".join(run(*words, "--help").stdout.decode().split("\n\n")[1].split())
        assert not words or f"{words[-1]} " in listed
        assert not words or " ".join(f"{words[-1]} {purpose}".split()) in " ".join(listed.split())


def test_a_list_of_commands_imports_none_of_them():
    for words in ((), ("rank",), ("snapshot",)):
        found = {module for module in imported((*words, "--help")) if module.startswith(("scoring", "terminal."))}
        assert found == {"terminal.messages"}


def test_help_starts_without_pandas_and_scikit_learn():
    assert imported(*((*words, "--help") for words in commands())) & {"pandas", "sklearn", "scipy"} == set()


def test_a_command_imports_what_it_needs_and_no_other():
    ranking = imported(("rank", "organisations", "--help"))
    assert "terminal.organisations" in ranking
    assert ranking & {"terminal.models", "terminal.collect", "requests"} == set()


def imported(*lines):
    """The modules that are imported when these commands have run, in a process of their own."""
    return set(one_process(*lines).stderr.decode().split())


def one_process(*lines, **environment):
    """Run commands one after the other in a process; its error output ends with the modules that it imported."""
    code = (
        "import sys, weighbridge\n"
        f"for line in {[list(line) for line in lines]}:\n"
        "    sys.argv = ['weighbridge', *line]\n"
        "    try: weighbridge.main()\n"
        "    except SystemExit as left: assert not left.code, line\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    env = network.environment(**environment)
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, timeout=60)


@pytest.mark.parametrize("words", [("fly",), ("rank",), ("rank", "planets"), ("snapshot",), ("--fly",), ("explain",)])
def test_an_unknown_or_missing_command_is_one_sentence(words):
    assert refused(*words).endswith("see `weighbridge --help`.")


def test_a_mistyped_command_is_a_question_and_a_remedy():
    assert refused("scoer") == "No such command 'scoer'. Did you mean 'score'? See `weighbridge --help`."


@pytest.mark.parametrize(("form", "top"), [("json", "1"), ("json", "5728"), ("csv", "5728"), ("table", "5728")])
def test_a_reader_that_has_seen_enough_is_no_failure(form, top):
    """As `| head -1` does: the pipe is closed while there is more to come."""
    process = subprocess.Popen(
        [COMMAND, "rank", "models", "--format", form, "--top", top],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=network.environment(),
    )
    assert process.stdout
    assert process.stderr
    process.stdout.read(1)
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(30) == 0
    process.stderr.close()


def test_a_full_disk_is_one_sentence():
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [COMMAND, "rank", "models", "--format", "json"],
            stdout=full,
            stderr=subprocess.PIPE,
            env=network.environment(),
        )
    assert done.returncode == 2
    assert done.stderr.decode() == "The output cannot be written: no space left on device.\n"


def test_a_closed_input_or_output_is_no_traceback():
    for code, rest in (("score - <&-", 2), ("rank models >&-", 0), ("rank planets 2>&-", 2)):
        done = subprocess.run(
            ["/bin/sh", "-c", f"{COMMAND} {code}"], capture_output=True, env=network.environment(), timeout=60
        )
        assert done.returncode == rest
        assert b"Traceback" not in done.stdout + done.stderr


def test_a_terminal_that_knows_no_letters_but_ascii_still_shows_the_rest(tmp_path):
    path = tmp_path / "records.jsonl"
    path.write_bytes(jsonl({"id": "模型/naïve", "likes": 3}))
    forms = (f"score {path} --format {form}".split() for form in ("table", "csv", "json"))
    done = one_process(*forms, PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert clean(done).stdout.decode("ascii").count("a?ve") == 3


def test_the_command_runs_from_any_folder_without_streamlit(tmp_path):
    code = "import sys; sys.modules['streamlit'] = None; sys.modules['plotly'] = None; import cli; cli.main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "rank", "models", "--top", "1", "--format", "json"],
        cwd=tmp_path,
        capture_output=True,
        env=network.environment()
        | {"PYTHONPATH": os.pathsep.join([str(network.GUARD), str(Path(snapshot.__file__).parents[2])])},
    )
    assert done.returncode == 0, done.stderr.decode()
    assert len(lines(done)) == 1
