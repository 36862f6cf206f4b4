"""Evidence read back: each subject has its own rows, however many groups of rows they were written in."""

import pyarrow as pa
import pytest

from data.archive import parquet_writer
from data.models.evidence import COLUMNS, Exceptions

SCHEMA = pa.schema([(name, pa.string()) for name in COLUMNS])


def written(path, *groups):
    with parquet_writer(path, SCHEMA) as file:
        for rows in groups:
            columns = zip(*rows, strict=True) if rows else [[] for _ in COLUMNS]
            file.write_table(pa.table([pa.array(column, pa.string()) for column in columns], SCHEMA))
    return Exceptions(path.read_bytes())


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


def test_no_rows_are_no_exceptions(tmp_path):
    assert written(tmp_path / "evidence.parquet", []).of("a/b") == {}
