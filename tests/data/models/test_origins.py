"""Where facts come from is read by model, wherever the groups of rows begin."""

import pyarrow as pa
import pytest

from data.archive import parquet_writer
from data.models.origins import EVIDENCE, Origins


def written(path, *groups):
    with parquet_writer(path, EVIDENCE) as file:
        for rows in groups:
            columns = zip(*rows, strict=True) if rows else [[] for _ in EVIDENCE]
            arrays = [pa.array(column, kind) for column, kind in zip(columns, EVIDENCE.types, strict=True)]
            file.write_table(pa.table(arrays, EVIDENCE))
    return Origins(path.read_bytes(), path.parent)


@pytest.mark.parametrize("subjects", [1, 2, 30])
def test_each_subject_has_its_own_rows(tmp_path, subjects):
    rows = [
        (f"a/{n:02d}", f"fact-{i}", "a crawl", f"2026-01-{i + 1:02d}", "")
        for n in range(subjects)
        for i in range(n + 1)
    ]
    half = len(rows) // 2
    for groups in ((rows,), (rows[:half], rows[half:]), ([], rows)):
        read = written(tmp_path / "evidence.parquet", *groups)
        for n in range(subjects):
            own = {f"fact-{i}": ("a crawl", f"2026-01-{i + 1:02d}", "") for i in range(n + 1)}
            assert read.of(f"a/{n:02d}") == own
        assert read.of("nobody/x") == {}


def test_no_rows_are_the_evidence_of_nothing(tmp_path):
    assert written(tmp_path / "evidence.parquet", []).of("a/b") == {}
