"""The rebuilder of the machine-made tables, run on a small long list in a folder of its own."""

import csv
import gzip
import json
import runpy
import shutil
from pathlib import Path

SCRIPT = Path(__file__).parents[3] / "data" / "curated" / "rebuild.py"
LONGLIST = """id,downloads,likes,license,created,pipeline_tag,as_of,source
old/a,5,600,,2024-01-01,,2025-12-22,ai-nexus
old/b,,500,,,,2026-10-08,llmfit 1.1.17
old/c,1,,,,,2026-10-08,llmfit 1.1.17
young/a,6,2000,,2026-01-01,,2026-10-08,llmfit 1.1.17
young/b,0,0,,2026-02-01,,2026-10-08,llmfit 1.1.17
young/c,0,0,,2026-03-01,,2026-10-08,llmfit 1.1.17
undated/a,1,1000,,2026-03-01,,2026-10-08,llmfit 1.1.17
undated/b,1,0,,,,2026-10-08,llmfit 1.1.17
undated/c,1,0,,,,2026-10-08,llmfit 1.1.17
silent/a,,,,2023-01-01,,2026-10-08,llmfit 1.1.17
silent/b,,,,,,2026-10-08,llmfit 1.1.17
silent/c,,,,,,2026-10-08,llmfit 1.1.17
few/a,9,9000,,2023-01-01,,2025-09-07,OSIR-LMTS
"""


def rows(name, folder):
    path = folder / name
    with gzip.open(path, "rt", encoding="utf-8") if name.endswith(".gz") else path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def rebuild(folder, records=()):
    longlist, lines = folder / "long.csv", folder / "records.jsonl.gz"
    longlist.write_text(LONGLIST, encoding="utf-8")
    lines.write_bytes(gzip.compress("\n".join(map(json.dumps, records)).encode()))
    shutil.copy(SCRIPT, folder)
    runpy.run_path(str(folder / "rebuild.py"))["main"](str(longlist), str(lines))


def test_rebuild_decides_established_only_where_it_can(tmp_path):
    rebuild(tmp_path)
    found = {row["owner"]: row for row in rows("owners.csv.gz", tmp_path)}
    assert {owner: row["established"] for owner, row in found.items()} == {
        "old": "1",
        "young": "0",
        "undated": "",
        "silent": "",
        "few": "0",
    }
    assert (found["old"]["likes"], found["old"]["downloads"], found["silent"]["likes"]) == ("1100", "6", "")
    assert (
        found["old"]["source"] == "https://github.com/mosesy5688-cell/ai-nexus https://pypi.org/project/llmfit/1.1.17/"
    )


def test_rebuild_takes_dates_from_the_records_and_breaks_ties_by_owner(tmp_path):
    rebuild(tmp_path, [{"id": "undated/b", "createdAt": "2024-05-06T00:00:00.000Z"}, {"id": "else/x"}])
    found = {row["owner"]: row for row in rows("owners.csv.gz", tmp_path)}
    assert (found["undated"]["first_created"], found["undated"]["established"]) == ("2024-05-06", "1")
    known = rows("known_owners.csv", tmp_path)
    assert [row["owner"] for row in known] == ["few", "old", "young", "undated"]  # silent has no count at all
    assert {row["as_of"] for row in known} == {"2026-10-08"}
    assert {row["model"] for row in rows("known_models.csv.gz", tmp_path) if row["owner"] == "old"} == {"a", "b", "c"}


def test_rebuild_reads_of_the_tags_whether_a_loader_runs_code(tmp_path):
    tagged = [{"id": "old/a", "tags": ["custom_code"]}, {"id": "old/b", "tags": []}, {"id": "young/a"}]
    cut = {"id": "old/c", "tags": ["pytorch"], "_incomplete": ["tags"]}
    rebuild(tmp_path, [*tagged, cut])
    code = {f"{row['owner']}/{row['model']}": row["custom_code"] for row in rows("known_models.csv.gz", tmp_path)}
    assert [code[name] for name in ("old/a", "old/b", "old/c", "young/a", "few/a")] == ["1", "0", "", "", ""]


def test_rebuild_gives_the_same_bytes_twice(tmp_path):
    written = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        rebuild(tmp_path / name)
        written.append({p.name: p.read_bytes() for p in (tmp_path / name).glob("*own*.csv*")})
    assert written[0] == written[1]
