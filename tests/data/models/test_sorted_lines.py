"""The shelf: ids in Python's own order, the last of one id counts, nothing is left, a full disk is an OSError."""

import resource

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.models.sorted_lines import SortedLines
from data.shapes import as_text


@given(st.lists(st.tuples(st.text(max_size=8).map(lambda text: as_text(text) or ""), st.text("{}é", max_size=5))))
def test_it_holds_what_a_sorted_dictionary_holds(tmp_path_factory, put):
    path = tmp_path_factory.mktemp("shelf") / "shelf.sqlite"
    with SortedLines(path) as sorted_lines:
        for key, text in put:
            sorted_lines.put(key, text)
        known = dict(put)
        assert list(sorted_lines.ids()) == sorted(known)
        assert list(sorted_lines.texts()) == [known[key] for key in sorted(known)]
        assert len(sorted_lines) == len(known)
    assert not path.exists()


def test_nothing_is_left_when_the_work_breaks_off(tmp_path):
    def broken_off():
        with SortedLines(tmp_path / "shelf.sqlite") as sorted_lines:
            sorted_lines.put("a", "b")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert list(tmp_path.iterdir()) == []


def test_a_disk_without_room_is_said(tmp_path):
    def too_much():
        with SortedLines(tmp_path / "shelf.sqlite") as sorted_lines:
            for n in range(1000):
                sorted_lines.put(str(n), "x" * 10_000)

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    try:
        with pytest.raises(OSError, match=r"shelf\.sqlite"):
            too_much()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []
