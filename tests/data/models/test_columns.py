"""Tables between rows, pandas and Parquet lose nothing: not a missing number, not the last bit of a scale."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.archive import read_parquet, write_parquet
from data.models import build, columns
from scoring.engine import fit, measure, scale
from scoring.scorecards import MODEL
from tests.records import arrow, facts

ROWS = [{"id": "a/b", "likes": 2**53 + 1, "gated": False, "task": ""}, {"id": "模型/naïve", "other": 3}]


def test_numbers_stay_whole_and_what_is_missing_stays_missing():
    table = columns.frame(ROWS, build.DTYPES)
    assert list(table["id"]) == ["a/b", "模型/naïve"]
    assert table["likes"].tolist()[0] == 2**53 + 1  # a float would round it
    assert table["likes"].isna().tolist() == [False, True]
    assert (table["gated"].tolist()[0], table["gated"].isna().tolist()) == (False, [False, True])
    assert table["task"].tolist()[0] == ""
    assert "other" not in table.columns
    assert {name: str(dtype) for name, dtype in table.dtypes.items()} == {"id": "string"} | build.DTYPES


def test_what_does_not_fit_its_column_is_refused():
    with pytest.raises((pa.ArrowInvalid, pa.ArrowTypeError, OverflowError)):
        columns.to_arrow([{"id": "a/b", "likes": "many"}], build.DTYPES)


def test_a_file_holds_what_was_written_and_is_the_same_every_time(tmp_path):
    table = columns.to_arrow(ROWS, build.DTYPES)
    for name in ("one", "two"):
        write_parquet(table, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert read_parquet((tmp_path / "one").read_bytes()).equals(table)


@given(st.lists(facts(), max_size=6))
@settings(max_examples=25)
def test_a_scale_survives_its_table_to_the_last_bit(rows):
    measured = measure(MODEL, arrow(rows))
    before = scale(MODEL, measured, fit(MODEL, measured, "goalposts", ""))
    sink = pa.BufferOutputStream()
    pq.write_table(columns.from_scaled(before, MODEL), sink)
    after = columns.to_scaled(read_parquet(sink.getvalue().to_pybytes()), MODEL)
    for name in ("ids", "value", "low", "high", "applies", "caps"):
        np.testing.assert_array_equal(getattr(after, name), getattr(before, name), err_msg=name)
        assert getattr(after, name).dtype == getattr(before, name).dtype
