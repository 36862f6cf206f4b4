"""Columns of Arrow tables made from buffers: `pa.array` would import pandas before it looks at a value."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


def of_numbers(values: NDArray[np.float64]) -> pa.Array:
    """Make a column of float64, NaN as null."""
    return pa.Array.from_buffers(pa.float64(), len(values), [_known(~np.isnan(values)), pa.py_buffer(values)])


def of_texts(values: Sequence[str | None]) -> pa.Array:
    """Make a column of texts, None as null."""
    parts = [(value or "").encode() for value in values]
    ends = np.cumsum([0, *map(len, parts)], dtype=np.int32)
    known = _known(np.array([value is not None for value in values], dtype=np.bool_))
    return pa.StringArray.from_buffers(len(values), pa.py_buffer(ends), pa.py_buffer(b"".join(parts)), known)


def _known(known: NDArray[np.bool_]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(known, bitorder="little"))
