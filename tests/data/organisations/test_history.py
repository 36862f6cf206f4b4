"""What earlier months and tables say of a repository: the newest label, and totals by day."""

from dataclasses import replace
from typing import Any

from data.organisations.history import History, imported, learn
from data.platforms.repository import RepositoryRow

ROW = RepositoryRow(source="model scope", kind="model", org="A", repo="a", name="m", date_crawl="2026-10-20")
EARLIER: dict[str, Any] = {"source": "ModelScope", "kind": "model", "org": "A", "repo": "a", "name": "m"}


def test_the_newest_label_of_a_repository_counts_and_no_blank_one():
    rows = [
        EARLIER | {"modality": "Vision", "lifecycle": "Evaluation", "date_crawl": "2026-09-01"},
        EARLIER | {"modality": "Language", "lifecycle": "null", "date_crawl": "2026-10-01"},
        EARLIER | {"modality": "Speech", "date_crawl": "2026-08-01"},
        EARLIER | {"modality": None, "date_crawl": "2026-11-01"},
    ]
    assert learn(rows).labels == {("A", "m"): ("Language", "Evaluation")}


def test_totals_are_kept_by_day_and_negative_ones_are_unknown():
    rows = [EARLIER | {"total_downloads": n, "date_crawl": f"2026-10-0{1 + n % 9}"} for n in (5, 7, -1)]
    assert learn(rows).totals == {"ModelScope/model/a/m": {"2026-10-06": 5, "2026-10-08": 7}}


def test_older_rows_of_a_table_only_lend_their_totals():
    rows = [replace(ROW, total_downloads=130), replace(ROW, date_crawl="2026-09-20", total_downloads=100)]
    (row,) = imported(rows, History())
    assert (row.source, row.date_crawl, row.downloads_last_month) == ("ModelScope", "2026-10-20", 30)
    (row,) = imported(rows[:1], History(totals={"ModelScope/model/a/m": {"2026-09-19": 90}}))
    assert row.downloads_last_month == 40
    assert "2026-09-19" in str(row.evidence)
