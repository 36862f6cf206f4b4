"""What is printed: lines of JSON, CSV and tables for people."""

import csv
import io
import json
from typing import Any

import pytest

from scoring.engine import score
from scoring.scorecards import MODEL
from terminal.messages import Format
from terminal.models import show
from tests.records import frame

ROWS: list[dict[str, Any]] = [
    {"id": "[bold]red[/bold]/x", "likes": 99, "hub_scan": "unsafe", "downloads_30d": 10**8, "example_code": True},
    {"id": ":smile:/y", "spaces": 100, "spaces_at_least": True, "license_stated": False, "license_in_metadata": False},
    {"id": "nothing/known"},
]


@pytest.fixture
def shown(monkeypatch, capsys):
    def show_them(form, positions=(0, 1, 2), width=120, **more):
        monkeypatch.setenv("COLUMNS", str(width))
        facts = frame(ROWS)
        show(score(MODEL, facts, minimum_coverage=0), facts, list(positions), form, **more)
        return capsys.readouterr().out

    return show_them


def test_json_is_a_line_for_each_in_the_order_asked(shown):
    told = [json.loads(line) for line in shown(Format.json, (2, 0)).splitlines()]
    assert [one["id"] for one in told] == ["nothing/known", "[bold]red[/bold]/x"]
    assert told[1]["flags"] == ["unsafe_scan"]
    assert told[0]["total"] is None


def test_csv_is_a_row_for_each_in_the_order_asked(shown):
    rows = list(csv.DictReader(io.StringIO(shown(Format.csv, (2, 0)), newline="")))
    assert [row["id"] for row in rows] == ["nothing/known", "[bold]red[/bold]/x"]
    assert rows[0]["total"] == "unknown"
    assert rows[1]["likes"] == "99"


def test_nobody_is_an_empty_answer_in_each_form(shown):
    assert shown(Format.json, ()) == ""
    assert shown(Format.csv, ()).startswith("rank,rank_shown,id,total")
    assert "Model" in shown(Format.table, ())


def test_a_table_says_unknown_and_takes_names_as_they_are(shown):
    text = shown(Format.table)
    assert "[bold]red[/bold]/x" in text
    assert ":smile:/y" in text
    last = next(line for line in text.splitlines() if "nothing/known" in line)
    assert last.split() == ["-", "nothing/known", "unknown", "0-100", "0%", *["unknown"] * 4]
    assert "nan" not in text.lower()


def test_a_receipt_names_every_factor_and_what_holds_the_total(shown):
    text = shown(Format.table, (0,), receipts=True)
    for factor in MODEL.factors:
        assert factor.label in text
    assert "Held at 30, because the Hub's scanners call a file unsafe." in text
    assert "Source" not in text  # nothing is known of where a record of a file comes from
    empty = shown(Format.table, (2,), receipts=True)
    assert "Held" not in empty
    assert empty.rstrip().endswith("unknown")
    assert "100 or more Spaces" in shown(Format.table, (1,), receipts=True)
    assert "n/a" in shown(Format.table, (1,), receipts=True)


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_no_line_is_wider_than_the_terminal(shown, width):
    text = shown(Format.table, width=width, receipts=True)
    assert max(map(len, text.splitlines())) <= width
