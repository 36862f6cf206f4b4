"""The files of OSIR-LMTS: what cannot be read of them is named."""

import gzip

import pytest

from data.organisations.build import from_files
from data.organisations.month import load, months
from tests.osir import written_out


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "is not a JSON object"),
        ("[1]", "is not a JSON object"),
        ('{"month": "2024-12-13", "kind": "model", "org": "BAAI"}', "lacks month, kind, org or name"),
        ('{"month": "soon", "kind": "model", "org": "BAAI", "name": "x"}', "lacks month, kind, org or name"),
        ('{"month": "2024-12-13", "kind": "space", "org": "BAAI", "name": "x"}', "lacks month, kind, org or name"),
        ('{"month": "2023-01-01", "kind": "model", "org": "BAAI", "name": "x"}', "which systems.csv does not have"),
    ],
)
def test_what_cannot_be_counted_is_named(tmp_path, line, words):
    original = written_out(["2024-12-13"], tmp_path / "original")
    with (original / "repositories.jsonl").open("a") as file:
        file.write(line + "\n")
    _, left_out = from_files(original, tmp_path / "built")
    assert len(left_out) == 1
    assert words in left_out[0]


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("systems.csv", "2024-12-13,BAAI,", "2024-12-13,BAAI,many", "of BAAI in 2024-12-13 is many"),
        ("benchmarks.csv", "2024-12-13,BAAI,", "2024-12-13,BAAI,-", "of BAAI in 2024-12-13 is -"),
        ("systems.csv", "2024-12-13,Google", "../up,Google", "Line 13 of systems.csv lacks month or org;"),
        ("benchmarks.csv", "2024-12-13,Google", "2024-12-13,Nobody", "benchmarks.csv has Nobody in 2024-12-13,"),
        ("static_datasets.jsonl", '"org": "Meta"', '"org": 3', "Line 1 of static_datasets.jsonl lacks org"),
    ],
)
def test_what_people_wrote_wrongly_is_named(tmp_path, name, old, new, words):
    path = written_out(["2024-12-13"], tmp_path / "original") / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    _, notes = from_files(path.parent, tmp_path / "built")
    assert any(words in note for note in notes), notes
    assert months(tmp_path / "built") == ["2024-12-13"]


def test_a_file_that_breaks_off_is_named(tmp_path):
    original = written_out(["2024-12-13"], tmp_path / "original")
    path = original / "repositories.jsonl"
    (original / "repositories.jsonl.gz").write_bytes(gzip.compress(path.read_bytes())[:20_000])
    path.unlink()
    folders, notes = from_files(original, tmp_path / "built")
    assert len(notes) == 1
    assert notes[0].startswith("repositories.jsonl.gz breaks off after line ")
    assert 0 < load(folders[0].name, tmp_path / "built").repositories.num_rows < 2967
