"""The shelf: ids in Python's own order, the last of one id counts, nothing is left, a full disk is an OSError."""

import resource

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.models.sorted_lines import Shelf
from data.shapes import as_text


@given(st.lists(st.tuples(st.text(max_size=8).map(lambda text: as_text(text) or ""), st.text("{}é", max_size=5))))
def test_it_holds_what_a_sorted_dictionary_holds(tmp_path_factory, put):
    path = tmp_path_factory.mktemp("shelf") / "shelf.sqlite"
    with Shelf(path) as shelf:
        for key, text in put:
            shelf.put(key, text)
        known = dict(put)
        assert list(shelf.ids()) == sorted(known)
        assert list(shelf.texts()) == [known[key] for key in sorted(known)]
        assert len(shelf) == len(known)
    assert not path.exists()


def test_nothing_is_left_when_the_work_breaks_off(tmp_path):
    def broken_off():
        with Shelf(tmp_path / "shelf.sqlite") as shelf:
            shelf.put("a", "b")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert list(tmp_path.iterdir()) == []


def test_a_disk_without_room_is_said(tmp_path):
    def too_much():
        with Shelf(tmp_path / "shelf.sqlite") as shelf:
            for n in range(1000):
                shelf.put(str(n), "x" * 10_000)

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    try:
        with pytest.raises(OSError, match=r"shelf\.sqlite"):
            too_much()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []
