"""A snapshot's records renewed by a collection: what was read anew counts, what was not keeps its value and its day."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any, Final

from data.collect.asker import name
from data.collect.replies import ReplyStore
from data.platforms.hub.ask import row_id
from data.shapes import as_dict

Record = Mapping[str, Any]

# What a reading of the Hub gives. Of these an older record keeps only what could not be read this time. What the Hub
# does not give (reviews, citations, what other lists state) it keeps.
READ: Final = frozenset(
    "author tags downloads downloadsAllTime likes createdAt lastModified gated private disabled pipeline_tag sha"
    " library_name trendingScore cardData model-index config safetensors gguf template_reaches_internals siblings"
    " evalResults descendants spaces spaces_count spaces_total readme readme_facts securityRepoStatus community"
    " community_90d pull_requests pull_requests_merged authorData paper_repos files_count usedStorage".split()
)


def renewed(older: Iterable[Record], newer: Iterable[Record], gone: Container[str]) -> Iterator[Record]:
    """Yield the newer records, each with what only its older one has, then the older ones that were not read anew.

    Those of `gone` are left out. Memory holds the older records.
    """
    left = {str(one["id"]): one for one in older}
    for one in newer:
        before = left.pop(str(one["id"]), None)
        yield one if before is None else _renewed(before, one)
    yield from (one for model, one in left.items() if model not in gone)


def _renewed(older: Record, newer: Record) -> Record:
    failed, origins = as_dict(newer.get("_failed")), as_dict(older.get("_provenance"))
    missed = (failed.keys() & origins.keys()) - newer.keys()
    if "readme" in missed:
        missed.add("readme_facts")  # what a snapshot keeps of it
    kept = {key for key in older if key[0] != "_" and (key in missed or key not in READ)} - newer.keys()
    made = {key: older[key] for key in kept} | dict(newer)
    made["_provenance"] = {key: origins[key] for key in origins.keys() & (kept | missed)} | newer["_provenance"]
    made["_failed"] = {key: why for key, why in failed.items() if key not in missed}
    made["_incomplete"] = sorted({*newer.get("_incomplete", ()), *(missed & {*older.get("_incomplete", ())})})
    return {key: value for key, value in made.items() if value or key not in ("_failed", "_incomplete")}


def gone(store: ReplyStore, ids: Iterable[str]) -> set[str]:
    """Return the ids for which the Hub has nothing any more, or a model of another id; not those that only failed."""
    found = set()
    for model in ids:
        asked = name("models", model)
        failure, reply = store.failure(asked), store.response(asked)
        if failure:
            lost = failure.kind in ("missing", "denied")
        else:
            lost = bool(reply and reply[0].good and row_id(as_dict(reply[0].data)) != model)
        if lost:
            found.add(model)
    return found
