"""About a snapshot: its sources, how much of each fact is known, what is missing, and how to cite it."""

from __future__ import annotations

import csv
import functools
import gzip
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from data.archive import address, cache
from data.models.facts import FACTS
from data.models.snapshot import Snapshot
from scoring.output.export import AT_A_TIME, harmless
from scoring.reasons.receipt import day
from scoring.types import Factor, Scorecard

CURATED = Path(__file__).parents[1] / "curated"

# The part of a Hub record that a fact is read from -> what it takes to have it for one more model.
TAKES: Mapping[str, str] = {
    "id": "the curated tables below name its owner",
    "pipeline_tag": "the Hub’s model endpoint",
    "library_name": "the Hub’s model endpoint",
    "tags": "the Hub’s model endpoint gives the tags; the card’s text says the rest",
    "cardData": "the Hub’s model endpoint, asked for the metadata of its card",
    "createdAt": "the Hub’s model endpoint",
    "lastModified": "the Hub’s model endpoint",
    "downloads": "the Hub’s model endpoint, for kinds of repository that the Hub counts",
    "likes": "the Hub’s model endpoint",
    "gated": "the Hub’s model endpoint",
    "params": "the header of its safetensors files, which the Hub’s model endpoint repeats",
    "spaces_count": "the Hub’s model endpoint, asked for its Spaces",
    "spaces_total": "the Hub’s list of Spaces, where the model’s own list is full",
    "authorData": "the Hub’s page of its owner, one request an owner",
    "paper_repos": "the Hub’s pages of its papers, one request a paper",
    "readme": "the text of its card, one request a model; the text is read for facts and not kept",
    "community": "the Hub’s discussions endpoint, one request or more a model",
    "pull_requests": "the Hub’s discussions endpoint, asked for pull requests, one request or more a model",
    "siblings": "the full list of its files from the Hub’s model endpoint",
    "securityRepoStatus": "the Hub’s model endpoint, asked for the verdict of its scanners",
}

# The part of a Hub record -> the step of a collection that brings it; all others come with the listing.
STEP: Mapping[str, str] = {
    "authorData": "owners",
    "community": "discussions",
    "id": "owners",
    "paper_repos": "papers",
    "pull_requests": "discussions",
    "readme": "readme",
    "securityRepoStatus": "scan",
    "spaces_total": "spaces",
}
# What others than the Hub report.
_OTHERS = {"osai", "mof", "mteb", "citations"}

TABLES: Mapping[str, str] = {
    "providers.csv": "handles of official organisations",
    "owners.csv.gz": "owners in the long list of models, and which of them are established",
    "known_owners.csv": "the owners with most downloads, whom the name check protects",
    "known_models.csv.gz": "their models, with day of creation and licence; day and source are those of the owner",
    "sibling_owners.csv": "pairs of accounts that are alike for a good reason",
    "repackagers.csv": "owners who mainly convert the models of others",
    "families.csv": "words that name a family of models, and whose it is",
    "licences.csv": "classes of licences",
    "formats.csv": "kinds of file extensions: which run code, which cannot",
    "file_names.csv": "file names that tell more than their extension",
    "task_groups.csv": "groups of tasks, by task, library and tags",
    "boilerplate.csv": "repositories and papers that tools write into cards",
    "sources.csv": "sources of the bundled facts, with their licences",
    "named_systems.csv": "the systems that the organisation scorecard names, with what is known of their repositories",
    "organisation_pages.csv": "the pages of ranked organisations on every platform",
    "openness.csv": "how open two indexes found the models of ranked organisations",
    "code_activity.csv": "commits and authors in the code of ranked organisations",
    "compatibility.csv": "chips on which systems are tested, by their own documents",
    "industry_words.csv": "words by which a data set is found to be of an industry",
    "model_sizes.csv.gz": "parameters of the models of ranked organisations",
}


def sources(snapshot: Snapshot) -> pd.DataFrame:
    """Return a row a source: name, licence, url (None without one), from, to (days it was read on), models, facts."""
    columns = ["name", "licence", "url", "from", "to", "models", "facts"]
    table = pd.DataFrame(snapshot.manifest["sources"], columns=columns)
    table["licence"] = table["licence"].replace("", "none stated")
    table["url"] = [url if str(url).startswith("https://") else None for url in table["url"]]
    return table.sort_values("facts", ascending=False, ignore_index=True)


def coverage(snapshot: Snapshot, card: Scorecard) -> pd.DataFrame:
    """Return a row a fact: fact, words, known, share (0..100), from, to, factors that read it; the best known first."""
    counts = snapshot.manifest["facts"]
    readers: dict[str, list[str]] = {}
    for f in card.factors:
        for fact in f.reads:
            readers.setdefault(fact, []).append(f.label)
    rows = [
        {
            "fact": name,
            "words": fact.words,
            "known": counts[name]["known"],
            "share": 100 * counts[name]["known"] / max(len(snapshot.facts), 1),
            "from": counts[name]["from"] or None,
            "to": counts[name]["to"] or None,
            "factors": ", ".join(readers.get(name, ())) or "no factor",
        }
        for name, fact in FACTS.items()
        if name in counts
    ]
    columns = ["fact", "words", "known", "share", "from", "to", "factors"]
    return pd.DataFrame(rows, columns=columns).sort_values("known", ascending=False, kind="stable", ignore_index=True)


def read_by(snapshot: Snapshot, f: Factor) -> dict[str, str]:
    """Return in words what each fact is that a factor reads, and of how many models it is known."""
    counts, every = snapshot.manifest["facts"], len(snapshot.facts)
    number = {name: counts[name]["known"] if name in counts else snapshot.facts[name].notna().sum() for name in f.reads}
    known = {name: f"known of {count:,} of {every:,}" for name, count in number.items()}
    return {name: f"{FACTS[name].words}, {words}" if name in FACTS else words for name, words in known.items()}


def middle_day(snapshot: Snapshot) -> str:
    """Return the day by which half of the facts of the Hub were read; empty where there are none."""
    hub = [name for name, fact in FACTS.items() if fact.keys[0] not in _OTHERS | {"id"}]
    spans = {
        (fact["from"], fact["to"]) for name in hub if (fact := snapshot.manifest["facts"].get(name)) and fact["to"]
    }
    if len(spans) == 1 and len(set(*spans)) == 1:  # a listing is read in a day, and has millions of facts
        return str(*set(*spans))
    days = snapshot.origins.days(hub)
    half, seen = days.total() / 2, 0
    for one in sorted(days):
        seen += days[one]
        if seen >= half:
            return one
    return ""


def followed() -> str:
    """Say from which address newer snapshots are fetched and when it was last read, without a name or password."""
    if not (where := address()):
        return "No address is followed, so newer snapshots come only with this app or by a collection of one's own."
    shown, looked = re.sub(r"//[^/]*@", "//", where), cache(where) / "looked"
    if not looked.exists():
        return f"Newer snapshots are fetched from {shown}, which has not been read yet."
    when = datetime.fromtimestamp(looked.stat().st_mtime, UTC)
    return f"Newer snapshots are fetched from {shown}, last read on {day(when.date().isoformat())} at {when:%H:%M} UTC."


def unknown_to_all(snapshot: Snapshot, card: Scorecard) -> list[Factor]:
    """Return the factors that are unknown for every model of the snapshot."""
    value = snapshot.scaled(card).value
    return [f for j, f in enumerate(card.factors) if np.isnan(value[:, j]).all()]


def gaps(snapshot: Snapshot, card: Scorecard) -> pd.DataFrame:
    """Return a row a factor that is unknown for somebody: factor, unknown (models), share (0..100), takes, live.

    `live` is the option of a collection that fills it.
    """
    scaled = snapshot.scaled(card)
    unknown = [(np.isnan(scaled.value[:, j]) & scaled.applies[:, j]).sum() for j in range(len(card.factors))]
    rows = [
        {"factor": f.label, "unknown": int(n), "share": 100 * n / max(len(snapshot.facts), 1)} | _takes(f)
        for f, n in zip(card.factors, unknown, strict=True)
        if n
    ]
    return pd.DataFrame(rows, columns=["factor", "unknown", "share", "takes", "live"]).sort_values(
        "unknown", ascending=False, kind="stable", ignore_index=True
    )


@functools.cache
def curated() -> pd.DataFrame:
    """Return a row a curated table: table, holds, rows, date (the newest as-of date in it), sources (how many)."""
    rows = []
    for path in sorted(CURATED.glob("*.csv*")):
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            lines = list(csv.DictReader(file))
        rows.append(
            {
                "table": path.name,
                "holds": TABLES.get(path.name, ""),
                "rows": len(lines),
                "date": max((line["as_of"] for line in lines if line.get("as_of")), default=None),
                "sources": len({line["source"] for line in lines if line.get("source")}) or None,
            }
        )
    return pd.DataFrame(rows)


def hashes(snapshot: Snapshot) -> pd.DataFrame:
    """Return a row a file of the snapshot: file, sha256."""
    return pd.DataFrame(sorted(snapshot.manifest["sha256"].items()), columns=["file", "sha256"])


def citation(snapshot: Snapshot, card: Scorecard, version: str) -> str:
    """Return a text that names exactly which numbers somebody used."""
    return (
        f"Weighbridge {version}, {card.title.lower()} {card.version}, snapshot of {len(snapshot.facts):,} "
        f"models, {snapshot.taken}, facts.parquet sha256 {snapshot.manifest['sha256']['facts.parquet']}."
    )


def as_csv(snapshot: Snapshot) -> Iterator[str]:
    """Yield the facts as CSV text, some models at a time: "unknown" where unknown.

    Text that a spreadsheet would run is led by an apostrophe.
    """
    for start in range(0, max(len(snapshot.facts), 1), AT_A_TIME):
        table = snapshot.facts.iloc[start : start + AT_A_TIME].copy()
        for name in [n for n, fact in FACTS.items() if fact.dtype == "string"]:
            table[name] = table[name].map(harmless, na_action="ignore")
        yield table.astype(object).to_csv(index=False, na_rep="unknown", header=not start)


def columns(snapshot: Snapshot, most: int) -> dict[str, list[Any]]:
    """Return the facts of the first models, at most so many, as columns of plain values; what is unknown is NaN."""
    table = snapshot.facts.iloc[:most]
    return {str(name): table[name].astype(object).where(table[name].notna(), float("nan")).tolist() for name in table}


def as_parquet(snapshot: Snapshot) -> bytes:
    """Return the facts as they are stored."""
    return (snapshot.folder / "facts.parquet").read_bytes()


def _takes(f: Factor) -> dict[str, str]:
    fact = FACTS.get(f.reads[0])
    if fact is None:
        return {"takes": "a source that gives this fact", "live": ""}
    key = fact.keys[0]
    takes = TAKES.get(key, "another look at its record")
    return {"takes": takes, "live": f"--with {STEP[key]}" if key in STEP else "the listing"}
