"""The ten months on disk: whole, verified, refused when damaged."""

from __future__ import annotations

import csv
import threading
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from data.archive import BUNDLED, SnapshotError
from data.organisations.build import from_files
from data.organisations.month import CURATED, KIND, before, load, months, verify, write
from data.platforms.repository import RepositoryRow
from tests.osir import written_out

MONTHS = BUNDLED / KIND


def test_ten_months_are_bundled_and_sound():
    dates = months()
    assert len(dates) == 10
    assert (dates[0], dates[-1]) == ("2024-12-13", "2025-09-07")
    assert [before(m, dates) for m in dates] == [None, *dates[:-1]]
    for taken in dates:
        manifest = verify(MONTHS / taken)
        month = load(taken)
        assert manifest["rows"] == month.repositories.num_rows
        assert sum(s["repositories"] for s in manifest["sources"]) == manifest["rows"]
        assert all(s["licence"] and s["url"].startswith("https://") for s in manifest["sources"])


def test_movements_are_counted_from_a_month_before_not_from_any():
    assert before("2025-09-07", ["2025-03-07", "2025-07-07"]) is None
    assert before("2025-03-07", ["2025-01-14", "2025-02-14", "2025-03-07", "2025-04-07"]) == "2025-02-14"


def test_pages_of_parquet_have_checksums(tmp_path):
    path = MONTHS / "2025-09-07" / "repositories.parquet"
    damaged = tmp_path / "repositories.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    damaged.write_bytes(data)
    with pytest.raises(OSError, match=r"(?i)crc|checksum|corrupt"):
        pq.read_table(damaged, page_checksum_verification=True)


def test_a_damaged_month_is_refused(tmp_path):
    from_files(written_out(["2024-12-13"], tmp_path / "original"), tmp_path / "built")
    path = tmp_path / "built" / KIND / "2024-12-13" / "facts.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(SnapshotError, match=r"2024-12-13 is damaged: facts\.parquet"):
        load("2024-12-13", tmp_path / "built")
    with pytest.raises(SnapshotError, match="no month 2030-01-01; the months are 2024-12-13"):
        load("2030-01-01", tmp_path / "built")
    with pytest.raises(SnapshotError, match="no snapshot of organisations"):
        load(within=tmp_path / "nowhere")


def test_line_order_survives():
    sources = load("2025-09-07").repositories["source"].to_pylist()
    order = list(dict.fromkeys(sources))
    assert order == ["ModelScope", "BAAIData", "HuggingFace", "OpenDataLab"]


def test_curated_pages_name_ranked_organisations():
    with (CURATED / "organisation_pages.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {r["organisation"] for r in rows} == set(load().ids)
    assert len([r for r in rows if r["platform"] == "Hugging Face" and r["handle"]]) == 69
    assert all(r["source"] and r["as_of"] for r in rows)


def test_a_reader_never_takes_a_swap_for_damage(tmp_path):
    rows = [RepositoryRow(org="A", kind="model", name=f"m{n}", source="x") for n in range(50)]

    def put(likes: int) -> Path:
        facts = [{"id": "A", "benchmark_num_leaderboards": float(likes)}]
        return write("2026-01-01", rows, [], facts, {"sources": []}, tmp_path)

    folder = put(0)
    over = threading.Event()

    def swap() -> None:
        for n in range(60):
            put(n)
        over.set()

    writer = threading.Thread(target=swap)
    writer.start()
    reads = 0
    while not over.is_set():
        assert verify(folder)["rows"] == 50
        reads += 1
    writer.join()
    assert reads > 10


def test_a_month_in_which_nothing_is_known_is_refused(tmp_path):
    facts: list[list[dict[str, Any]]] = [[], [{"id": "A"}], [{"id": "A", "benchmark_num_tools": None}, {"id": "B"}]]
    for none in facts:
        folder = write("2026-01-01", [], [], none, {"sources": []}, tmp_path)
        with pytest.raises(SnapshotError, match=r"^Snapshot 2026-01-01 is damaged: it holds nothing about any organis"):
            verify(folder)
        with pytest.raises(SnapshotError):
            load(within=tmp_path)
    assert verify(write("2026-01-01", [], [], [{"id": "A", "benchmark_num_tools": 0.0}], {"sources": []}, tmp_path))
