"""Columns made from buffers are those that pyarrow makes, and need no pandas."""

import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest

from data.organisations.columns import of_numbers, of_texts


@pytest.mark.parametrize("values", [[], [1.5, np.nan, -2.0], [np.nan] * 9, list(range(17))])
def test_numbers(values):
    wanted = [None if np.isnan(v) else float(v) for v in values]
    assert of_numbers(np.array(values, dtype=np.float64)).equals(pa.array(wanted, pa.float64()))


@pytest.mark.parametrize("values", [[], ["a", None, "", "医疗 é"], [None] * 9])
def test_texts(values):
    assert of_texts(values).equals(pa.array(values, pa.string()))


def test_neither_imports_pandas():
    code = "import sys, data.organisations.columns as c; c.of_texts(['a']); print('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60).stdout == "False\n"
