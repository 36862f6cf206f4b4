"""Made-up models: as many as were asked for, the same for a seed, spread as the Hub's are, and labelled."""

import pyarrow.parquet as pq

from data.models.generate import generate
from data.models.listing import open_listing


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
