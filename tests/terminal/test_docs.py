"""`weighbridge docs`."""

from tests.command import run


def test_the_written_docs_are_those_of_the_declarations():
    done = run("docs", "--check")
    assert (done.returncode, done.stderr) == (0, b"")
