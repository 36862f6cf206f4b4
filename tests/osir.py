"""The files of OSIR-LMTS again, made from the bundled months."""

import csv
import json
from pathlib import Path

from data.organisations.month import load
from data.organisations.osir import CONSTANTS

HAND = ("system", "benchmark")


def written_out(months: list[str], into: Path) -> Path:
    """Write the original files of some months into a folder."""
    into.mkdir(exist_ok=True)
    lines: list[str] = []
    by_hand: dict[str, list[dict]] = {prefix: [] for prefix in HAND}
    constants: dict[str, dict] = {}
    for taken in months:
        month = load(taken)
        lines += [json.dumps({"month": taken} | row) for row in month.repositories.to_pylist()]
        for row in month.facts.to_pylist():
            for prefix in HAND:
                own = {i.removeprefix(f"{prefix}_"): v for i, v in row.items() if i.startswith(f"{prefix}_")}
                for named in ("authors", "stars"):
                    own.pop(named, None)
                by_hand[prefix].append({"month": taken, "org": row["id"]} | own)
            names = {name: row[fact] for name, fact in CONSTANTS.items()}
            constants[row["id"]] = {"org": row["id"]} | names
    (into / "repositories.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    listed = load(months[-1]).listed.to_pylist()
    (into / "static_datasets.jsonl").write_text("".join(json.dumps(row) + "\n" for row in listed), "utf-8")
    for name, rows in (*((f"{p}s", r) for p, r in by_hand.items()), ("constants", list(constants.values()))):
        with (into / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return into
