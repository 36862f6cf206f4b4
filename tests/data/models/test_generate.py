"""Made-up models: as many as were asked for, the same for a seed, spread as the Hub's are, and labelled."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from data.models.generate import generate
from data.models.listing import open_listing
from tests.command import run

REAL = Path(__file__).parents[2] / "fixtures" / "hub_stats.parquet"


def table(path, models, seed):
    generate(path, models, seed, lambda *_: None)
    return pq.read_table(path)


def test_models_are_many_different_and_spread_as_on_the_hub(tmp_path):
    made = table(tmp_path / "one.parquet", 8_000, 7)
    assert table(tmp_path / "two.parquet", 8_000, 7).equals(made)
    frame = made.select(["id", "author", "downloads", "likes", "createdAt", "lastModified", "tags"]).to_pandas()
    assert frame["id"].is_unique
    assert 0.3 < (frame["downloads"] > 0).mean() < 0.4
    assert 0.25 < frame["tags"].map(lambda tags: any(t.startswith("base_model:") for t in tags)).mean() < 0.31
    assert frame["downloads"].nlargest(80).sum() > 0.5 * frame["downloads"].sum()
    assert (frame["createdAt"] <= frame["lastModified"]).all()
    assert frame["author"].value_counts().iloc[0] > 8
    listing = open_listing(str(tmp_path / "one.parquet"))
    assert (listing.rows, listing.generated, listing.source) == (8_000, True, "Generated models (seed 7)")


def test_its_columns_are_those_of_the_public_data_set(tmp_path):
    real = pq.read_schema(REAL)
    made = table(tmp_path / "made.parquet", 10, 1).schema
    for field in made:
        if field.name == "siblings":  # of which the rows at hand were made without
            assert field.type.value_type == pa.string()
        elif field.name == "safetensors":  # parameters by type are read by nobody
            assert field.type.field("total") == real.field("safetensors").type.field("total")
        else:
            assert field.type == real.field(field.name).type, field.name


def test_wherever_they_are_listed_they_are_called_generated(tmp_path):
    path, home = tmp_path / "made.parquet", {"WEIGHBRIDGE_SNAPSHOTS": str(tmp_path)}
    table(path, 30, 1)
    for day in ("2026-12-01", "2026-12-08"):
        assert run("snapshot", "build", "--from", path, "--into", tmp_path, "--as-of", day).returncode == 0
    assert run("snapshot", "diff", **home).stdout.startswith(b"# Generated models from 1 December 2026 to 8 December")
    assert b"20 of 30 generated models shown" in run("rank", "models", **home).stdout
    assert b"30 generated models" in run("snapshot", "list", **home).stdout
