"""Print what docs/believable.md is read from: `python docs/believable.py`.

The first ten of each task by name, where well-known models stand, of which years the first hundred are, what the
order owes to the preset, and what it owes to reading more about some models than about others.
"""

import numpy as np
import pandas as pd

from data.models.snapshot import Snapshot, load
from scoring.ground import Count
from scoring.scorecards import PRESET_LABELS
from scoring.tasks import TASK_GROUPS
from scoring.view import ModelView

FIRST = 20
KNOWN_TO_ALL = (
    "BAAI/bge-m3",
    "microsoft/phi-4",
    "deepseek-ai/DeepSeek-R1",
    "google-bert/bert-base-uncased",
    "openai/whisper-large-v3",
    "black-forest-labs/FLUX.1-dev",
    "meta-llama/Llama-3.1-8B-Instruct",
    "openai-community/gpt2",
    "stabilityai/stable-diffusion-xl-base-1.0",
    "deepseek-ai/DeepSeek-V3",
    "xai-org/grok-1",
)


def main() -> None:
    """Print the report on the newest bundled snapshot."""
    snapshot = load()
    facts, scores = snapshot.facts, ModelView().score(snapshot)
    order = scores.order[~np.isnan(scores.rank[scores.order])].astype(int)
    ids = facts["id"].to_numpy()[order]
    print(f"Snapshot {snapshot.taken}: {len(facts):,} models, {len(order):,} ranked\n")
    print(f"First {FIRST}: " + ", ".join(f"{ids[n]} {scores.total[order[n]]:.1f}" for n in range(FIRST)))
    for group, label in TASK_GROUPS.items():
        inside = (facts["task_group"].iloc[order] == group).fillna(False).to_numpy(bool)
        print(f"{label} ({inside.sum():,}): {', '.join(ids[inside][:10])}")
    places = pd.Series(np.arange(1, len(ids) + 1), ids)
    print("\nWell-known: " + ", ".join(f"{i} {places[i]}" for i in KNOWN_TO_ALL if i in places))
    years = facts["created"].iloc[order[:100]].astype("string").str[:4].fillna("unknown").value_counts().sort_index()
    print("First hundred by year: " + ", ".join(f"{year} {count}" for year, count in years.items()))
    neither = np.flatnonzero((facts["provider"].iloc[order] == 0).fillna(False).to_numpy(bool))
    print(f"First owner that is neither official nor established: {ids[neither[0]]}, {neither[0] + 1}")
    for preset, label in PRESET_LABELS.items():
        under = ModelView(preset=preset).score(snapshot)
        first = under.ids[under.order[:10]]
        print(f"{label}: {first[0]} leads; {len({*first} & {*ids[:10]})} of the first ten are among the ten above")
    for count in ("common", "all"):
        rho, groups = owed_to_reading(snapshot, count)
        print(f"Total and “its README was read”, count={count}: Spearman {rho:.3f}, the mean of {groups} groups")


def owed_to_reading(snapshot: Snapshot, count: Count) -> tuple[float, int]:
    """Return Spearman's correlation of the total with whether the README was read, and of how many groups it is.

    It is the mean over models of the same decile of downloads and of likes, weighted by size; groups of which all or
    none were read, or of five models at most, tell nothing.
    """
    facts, scores = snapshot.facts, ModelView(count=count).score(snapshot)
    table = pd.DataFrame({"total": scores.total, "read": facts["card_topics"].notna().astype(int)})
    deciles = []
    for counted in ("downloads_30d", "likes"):
        table[counted] = facts[counted].astype(float)
    table = table.dropna()
    for counted in ("downloads_30d", "likes"):
        deciles.append(pd.qcut(table[counted].rank(method="first"), 10, labels=False))
    groups = [g for _, g in table.groupby(deciles) if g["read"].nunique() > 1 and len(g) > 5]
    sizes = [len(g) for g in groups]
    found = [g[["total", "read"]].corr(method="spearman").iloc[0, 1] for g in groups]
    return float(np.average(found, weights=sizes)), len(groups)


if __name__ == "__main__":
    main()
