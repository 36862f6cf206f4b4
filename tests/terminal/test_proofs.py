"""`explain --save` and `verify` as a user runs them."""

import json

import pytest

from scoring.scorecards import MODEL, ORGANISATION
from tests import command


def explained(path, *arguments):
    done = command.run("explain", *arguments, "--format", "json", "--save", path)
    assert done.returncode == 0, done.stderr
    assert done.stderr.decode().endswith(f"is saved in {path}; `weighbridge verify {path}` checks it.\n")
    json.loads(done.stdout)
    return json.loads(path.read_text())


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (["baai/bge-m3", "--weight", "security=60", "--unknown", "zero"], len(MODEL.factors)),
        (["--organisation", "meta", "--method", "published", "--month", "2025-03-07"], len(ORGANISATION.factors)),
    ],
)
def test_a_saved_receipt_verifies_and_an_altered_one_names_the_culprit(tmp_path, arguments, lines):
    path = tmp_path / "receipt.json"
    kept = explained(path, *arguments)
    done = command.run("verify", path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().startswith(f"Verified: all {lines} lines of {kept['subject']} and their sum of ")
    assert done.stdout.decode().endswith(f"points follow from the snapshot of {kept['snapshot']}.\n")
    kept["lines"][0]["scaled"] += 0.01
    path.write_text(json.dumps(kept))
    done = command.run("verify", path)
    assert done.returncode == 1
    assert done.stdout.decode().startswith(f"{path} does not verify: {kept['lines'][0]['factor']}: scaled is ")
    assert done.stdout.decode().count("\n") == 1


def test_what_cannot_be_checked_is_one_sentence(tmp_path):
    path = tmp_path / "receipt.json"
    kept = explained(path, "--organisation", "meta")
    assert command.refused("verify", tmp_path / "none.json").strip().endswith("there is no such file or folder.")
    cases = {
        "There is no month 1999-01-01; the months are ": {"snapshot": "1999-01-01"},
        "there is no organisation Nobody in the month of ": {"subject": "Nobody"},
        "“charm” is not a setting of the organisation pages.": {"view": {"charm": "1"}},
        "is no receipt: its format is 9, and": {"format": 9},
    }
    for sentence, change in cases.items():
        path.write_text(json.dumps(kept | change))
        assert sentence in command.refused("verify", path)
    path.write_bytes(b"\xff\xfe")
    assert "it is not UTF-8 text." in command.refused("verify", path)
    path.write_text(" " * 1_000_001)
    assert "is too large for a receipt." in command.refused("verify", path)


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path):
    path = tmp_path / "none" / "receipt.json"
    assert "cannot be written: there is no such file" in command.refused(
        "explain", "--organisation", "meta", "--save", path
    )
