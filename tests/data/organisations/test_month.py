"""The ten months on disk: whole, verified, built again from their own rows; no bad row is dropped in silence."""

from __future__ import annotations

import csv
import gzip
import json
import threading
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data.archive import BUNDLED, SnapshotError, verify
from data.organisations import month as organisations
from data.organisations import osir
from data.organisations.rollup import rollup

MONTHS = BUNDLED / organisations.KIND
HAND = ("system", "benchmark")


def written_out(months: list[str], into: Path) -> Path:
    """The original files again, made from the bundled months."""
    into.mkdir(exist_ok=True)
    lines: list[str] = []
    by_hand: dict[str, list[dict]] = {prefix: [] for prefix in HAND}
    constants: dict[str, dict] = {}
    for taken in months:
        month = organisations.load(taken)
        lines += [json.dumps({"month": taken} | row) for row in month.repositories.to_pylist()]
        for row in month.facts.to_pylist():
            for prefix in HAND:
                own = {i.removeprefix(f"{prefix}_"): v for i, v in row.items() if i.startswith(f"{prefix}_")}
                for named in ("contributors", "stars"):
                    own.pop(named, None)
                by_hand[prefix].append({"month": taken, "org": row["id"]} | own)
            names = {name: row[fact] for name, fact in osir.CONSTANTS.items()}
            constants[row["id"]] = {"org": row["id"]} | names
    (into / "repositories.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    listed = organisations.load(months[-1]).listed.to_pylist()
    (into / "static_datasets.jsonl").write_text("".join(json.dumps(row) + "\n" for row in listed), "utf-8")
    for name, rows in (*((f"{p}s", r) for p, r in by_hand.items()), ("constants", list(constants.values()))):
        with (into / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return into


def test_ten_months_are_bundled_and_sound():
    known = organisations.months()
    assert len(known) == 10
    assert (known[0], known[-1]) == ("2024-12-13", "2025-09-07")
    assert [organisations.before(m, known) for m in known] == [None, *known[:-1]]
    for taken in known:
        manifest = verify(MONTHS / taken)
        month = organisations.load(taken)
        assert manifest["rows"] == month.repositories.num_rows
        assert sum(s["repositories"] for s in manifest["sources"]) == manifest["rows"]
        assert all(s["licence"] and s["url"].startswith("https://") for s in manifest["sources"])


def test_movements_are_counted_from_a_month_before_not_from_any():
    assert organisations.before("2025-09-07", ["2025-03-07", "2025-07-07"]) is None
    assert organisations.before("2025-03-07", ["2025-01-14", "2025-02-14", "2025-03-07", "2025-04-07"]) == "2025-02-14"


def test_pages_of_parquet_have_checksums(tmp_path):
    path = MONTHS / "2025-09-07" / "repositories.parquet"
    damaged = tmp_path / "repositories.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    damaged.write_bytes(data)
    with pytest.raises(OSError, match=r"(?i)crc|checksum|corrupt"):
        pq.read_table(damaged, page_checksum_verification=True)


def test_the_bundle_is_built_again_from_its_own_rows(tmp_path):
    taken = ["2024-12-13", "2025-09-07"]
    folders, left_out = organisations.build(written_out(taken, tmp_path / "original"), tmp_path / "built")
    assert left_out == []
    assert [f.name for f in folders] == taken
    for folder in folders:
        one, other = organisations.load(folder.name), organisations.load(folder.name, tmp_path / "built")
        assert one.repositories.equals(other.repositories)
        assert one.listed.equals(other.listed)
        assert one.facts.equals(other.facts)


def test_a_damaged_month_is_refused(tmp_path):
    organisations.build(written_out(["2024-12-13"], tmp_path / "original"), tmp_path / "built")
    path = tmp_path / "built" / organisations.KIND / "2024-12-13" / "facts.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(SnapshotError, match=r"2024-12-13 is damaged: facts\.parquet"):
        organisations.load("2024-12-13", tmp_path / "built")
    with pytest.raises(SnapshotError, match="no month 2030-01-01; the months are 2024-12-13"):
        organisations.load("2030-01-01", tmp_path / "built")
    with pytest.raises(SnapshotError, match="no snapshot of organisations"):
        organisations.load(within=tmp_path / "nowhere")


@pytest.mark.parametrize("absurd", ["many", "12", None, True, 1.5, 1e300, float("nan"), float("inf"), [1], {"n": 1}])
def test_an_absurd_value_is_unknown_and_its_row_still_counts(tmp_path, absurd):
    original = written_out(["2024-12-13"], tmp_path / "original")
    row = {"month": "2024-12-13", "source": "HuggingFace", "kind": "model", "org": "Baidu", "name": "new"}
    with (original / "repositories.jsonl").open("a") as file:
        file.write(json.dumps(row | {"modality": "Language", "downloads_last_month": 70, "likes": absurd}) + "\n")
    organisations.build(original, tmp_path / "built")
    month = organisations.load("2024-12-13", tmp_path / "built")
    counted = month.manifest["not_a_whole_number"]
    assert counted == ({"likes": 1} if absurd is not None else {})
    facts = rollup(month).facts.to_pylist()[month.ids.index("Baidu")]
    assert (facts["model_num_language"], facts["model_downloads_language"], facts["model_likes"]) == (1, 70, None)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "is not a JSON object"),
        ("[1]", "is not a JSON object"),
        ('{"month": "2024-12-13", "kind": "model", "org": "BAAI"}', "lacks month, kind, org or name"),
        ('{"month": "soon", "kind": "model", "org": "BAAI", "name": "x"}', "lacks month, kind, org or name"),
        ('{"month": "2024-12-13", "kind": "space", "org": "BAAI", "name": "x"}', "lacks month, kind, org or name"),
        ('{"month": "2023-01-01", "kind": "model", "org": "BAAI", "name": "x"}', "which systems.csv does not have"),
    ],
)
def test_what_cannot_be_counted_is_said(tmp_path, line, said):
    original = written_out(["2024-12-13"], tmp_path / "original")
    with (original / "repositories.jsonl").open("a") as file:
        file.write(line + "\n")
    _, left_out = organisations.build(original, tmp_path / "built")
    assert len(left_out) == 1
    assert said in left_out[0]


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("systems.csv", "2024-12-13,BAAI,", "2024-12-13,BAAI,many", "of BAAI in 2024-12-13 is many"),
        ("benchmarks.csv", "2024-12-13,BAAI,", "2024-12-13,BAAI,-", "of BAAI in 2024-12-13 is -"),
        ("systems.csv", "2024-12-13,Google", "../up,Google", "Line 13 of systems.csv lacks month or org;"),
        ("benchmarks.csv", "2024-12-13,Google", "2024-12-13,Nobody", "benchmarks.csv has Nobody in 2024-12-13,"),
        ("static_datasets.jsonl", '"org": "Meta"', '"org": 3', "Line 1 of static_datasets.jsonl lacks org"),
    ],
)
def test_what_people_wrote_wrongly_is_said(tmp_path, name, old, new, said):
    path = written_out(["2024-12-13"], tmp_path / "original") / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    _, notes = organisations.build(path.parent, tmp_path / "built")
    assert any(said in note for note in notes), notes
    assert organisations.months(tmp_path / "built") == ["2024-12-13"]


def test_a_file_that_breaks_off_is_said(tmp_path):
    original = written_out(["2024-12-13"], tmp_path / "original")
    path = original / "repositories.jsonl"
    (original / "repositories.jsonl.gz").write_bytes(gzip.compress(path.read_bytes())[:20_000])
    path.unlink()
    folders, notes = organisations.build(original, tmp_path / "built")
    assert len(notes) == 1
    assert notes[0].startswith("repositories.jsonl.gz breaks off after line ")
    assert 0 < organisations.load(folders[0].name, tmp_path / "built").repositories.num_rows < 2967


def test_a_folder_without_the_files_is_refused(tmp_path):
    with pytest.raises(SnapshotError, match=r"lacks repositories.jsonl.gz, static_datasets.jsonl"):
        organisations.build(tmp_path)


def test_line_order_survives():
    sources = organisations.load("2025-09-07").repositories["source"].to_pylist()
    order = list(dict.fromkeys(sources))
    assert order == ["ModelScope", "BAAIData", "HuggingFace", "OpenDataLab"]


def test_curated_pages_name_ranked_organisations():
    with (organisations.CURATED / "organisation_pages.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {r["organisation"] for r in rows} == set(organisations.load().ids)
    assert len([r for r in rows if r["platform"] == "Hugging Face" and r["handle"]]) == 69
    assert all(r["source"] and r["as_of"] for r in rows)


def test_a_reader_never_takes_a_swap_for_damage(tmp_path):
    rows = [{"org": "A", "kind": "model", "name": f"m{n}", "source": "x"} for n in range(50)]

    def put(likes: int) -> Path:
        facts = [{"id": "A", "benchmark_num_leaderboards": float(likes)}]
        return organisations.write("2026-01-01", rows, [], facts, {"rows": 50, "organisations": 1}, tmp_path)

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
