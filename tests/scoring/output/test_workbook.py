"""A workbook is read back cell by cell: each value has its kind, nothing runs, and a sheet says what it is."""

import io
import math
import re
import zipfile
from typing import Any
from xml.etree import ElementTree

import numpy as np

from scoring.output.workbook import MOST_ROWS, by_column, of_ranking, workbook
from scoring.view import ModelView

NS = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
HOSTILE = "=cmd|' /C calc'!A0"


def read(content, sheet=1):
    """Return the cells of a sheet by their place: kind and text of each, formulas included."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        shared = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        texts = ["".join(t.text or "" for t in one.iter(f"{{{NS['x']}}}t")) for one in shared]
        tree = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml"))
        panes = tree.findall(".//x:pane", NS)
    cells = {}
    for cell in tree.iter(f"{{{NS['x']}}}c"):
        value = cell.find("x:v", NS)
        text = "" if value is None else str(value.text)
        kind = "f" if cell.find("x:f", NS) is not None else cell.get("t", "n")
        cells[cell.get("r")] = (kind, texts[int(text)] if kind == "s" else text)
    return cells, panes


def test_every_value_is_what_it_is_and_no_text_runs():
    columns: dict[str, list[Any]] = {
        "id": ["a/b", HOSTILE, "+1", "1e5", "https://evil.example"],
        "likes": [3, np.int64(2**40), 0.1, math.nan, None],
        "gated": [True, np.bool_(False), None, math.nan, True],
        "created": ["2026-10-08", "2026-13-01x", "unknown", "", "\x00\x1bx"],
    }
    cells, panes = read(workbook(columns, {"What": "these"}, "2026-10-08"))
    assert [cells[f"{c}1"] for c in "ABCD"] == [("s", name) for name in columns]
    assert [cells[f"A{n}"] for n in range(2, 7)] == [("s", text) for text in columns["id"]]
    assert [cells.get(f"B{n}") for n in range(2, 7)] == [
        ("n", "3"),
        ("n", "1099511627776"),
        ("n", "0.1"),
        ("s", "unknown"),
        None,
    ]
    assert [cells.get(f"C{n}") for n in range(2, 7)] == [("b", "1"), ("b", "0"), None, ("s", "unknown"), ("b", "1")]
    days = 46303  # from 30 December 1899 to 8 October 2026
    assert cells["D2"] == ("n", str(days))
    assert [cells.get(f"D{n}", ("s", ""))[1] for n in range(3, 7)] == ["2026-13-01x", "unknown", "", "x"]
    assert panes[0].get("state") == "frozen"
    about, _ = read(workbook(columns, {"What": "these"}, "2026-10-08"), sheet=2)
    assert (about["A2"], about["B2"], about["B3"]) == (("s", "What"), ("s", "these"), ("n", "5"))


def test_the_same_numbers_make_the_same_file_and_more_rows_than_fit_say_so():
    columns = {"n": list(range(MOST_ROWS + 5))}
    content = workbook(columns, {}, "2026-10-08")
    assert content == workbook(columns, {}, "2026-10-08")
    cells, _ = read(content)
    assert f"A{MOST_ROWS + 1}" in cells
    assert f"A{MOST_ROWS + 2}" not in cells
    about, _ = read(content, sheet=2)
    assert about["B2"] == ("s", "the first 10,000 of 10,005")
    few, _ = read(workbook({"n": [1]}, {}, "2026-10-08", rows=1_000_000), sheet=2)
    assert few["B2"] == ("s", "the first 10,000 of 1,000,000")


def test_a_ranking_is_named_with_its_weights_settings_and_fingerprints(bundled):
    view = ModelView(preset="adoption", weights={"likes": 4.0}, unknown="zero", search="bert")
    scores = view.score(bundled)
    about = of_ranking(
        scores,
        view=view,
        kind="models",
        taken="2026-10-08",
        link="https://example.org/?likes=4",
        fingerprint="f" * 64,
        version="9.9.9",
        read="2026-11-01",
    )
    assert about["Citation"].startswith("Weighbridge 9.9.9. Model scorecard")
    assert (about["Snapshot of models"], about["Link"]) == ("2026-10-08", "https://example.org/?likes=4")
    assert (about["Weight of likes"], about["Weight of popularity"]) == (4.0, 60.0)
    assert {k: v for k, v in about.items() if k.startswith("Setting")} == {
        "Setting preset": "adoption",
        "Setting unknown": "zero",
    }
    assert re.fullmatch("[0-9a-f]+", about["Fingerprint of the scorecard"])


def test_rows_become_columns_in_which_none_is_unknown():
    columns = by_column([{"org": "a", "score": 1.0, "delta_rank": None}, {"org": "b", "score": None, "delta_rank": 2}])
    assert columns["org"] == ["a", "b"]
    assert math.isnan(columns["score"][1])
    assert columns["delta_rank"] == [None, 2]
