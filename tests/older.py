"""Snapshots as an older version of this project wrote them."""

import json
from pathlib import Path

from data.archive import _sealed, _sha256, read_parquet, write_parquet


def without(folder: Path, *facts: str) -> None:
    """Take columns out of a snapshot, under a scorecard that knows nothing of them, and seal it again."""
    table = read_parquet((folder / "facts.parquet").read_bytes())
    write_parquet(table.drop_columns(list(facts)), folder / "facts.parquet")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["scorecard"]["fingerprint"] = "0" * 12
    manifest["sha256"]["facts.parquet"] = _sha256((folder / "facts.parquet").read_bytes())
    (folder / "manifest.json").write_text(_sealed(manifest))
