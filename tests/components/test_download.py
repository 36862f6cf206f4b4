"""What is taken along of a ranking: the workbook has the rows of the CSV file and says what it is of."""

import csv
import io
from string import ascii_uppercase

import pytest

from components.listing import listing
from scoring.output.export import ranking_columns, ranking_csv
from scoring.output.workbook import workbook
from scoring.view import ModelView
from tests.scoring.output.test_workbook import read


def test_a_workbook_has_the_cells_of_the_csv_file(bundled):
    view = ModelView(task_group=("embeddings",), weights={"security": 60.0})
    found = listing(view, view.score(bundled), bundled, None)
    text = "".join(ranking_csv(found.scores, bundled.facts, found.page(slice(None)), found.kept))
    rows = list(csv.DictReader(io.StringIO(text)))[:20]
    columns = ranking_columns(found.scores, bundled.facts, found.page(slice(0, 20)), found.kept)
    assert list(columns) == list(rows[0])
    cells, _ = read(workbook(columns, {"What": "these"}, bundled.taken, found.shown))
    letters = dict(zip(columns, ascii_uppercase, strict=False))
    for n, row in enumerate(rows, start=2):
        assert cells[f"{letters['id']}{n}"] == ("s", row["id"])
        for name in ("rank", "rank_shown", "total", "downloads", "likes"):
            kind, text = cells[f"{letters[name]}{n}"]
            assert kind == ("s" if row[name] in ("unknown", "not ranked") else "n")
            assert text == row[name] if kind == "s" else float(text) == pytest.approx(float(row[name]))
