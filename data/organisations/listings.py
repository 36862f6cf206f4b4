"""What organisations publish: from their pages on the platforms to repository rows, one a repository on a platform.

A page is a row of the table of organisations: organisation, platform, handle. The rows that come out have the columns
of the organisation data. `fetch` asks and yields what it found, `row` is pure. Kind of data and stage of training,
which no platform states well, come from the labels of an earlier month that has the repository, else from tasks and
tags. A listing that was not read to its end is a gap: a part of it must never be counted as the whole.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import quote

from data.collect.asker import Asker, Watched, by_link, digest, pages
from data.organisations import modality
from data.organisations.history import PLATFORMS, Known, subject
from data.organisations.monthly import with_month
from data.platforms import baai, modelscope, opendatalab
from data.platforms.hub import ask as hub
from data.platforms.hub import ids
from data.platforms.hub.request import request
from data.platforms.hub.threads import first_page
from data.shapes import as_count, as_dict, as_strings, as_text

Kind = Literal["model", "dataset"]
KINDS: Final[tuple[Kind, ...]] = ("model", "dataset")
Step = Literal["community", "usage"]
STEPS: Final[tuple[Step, ...]] = ("community", "usage")
# What a platform's pages show.
LISTED: Final[Mapping[str, tuple[Kind, ...]]] = {
    "Hugging Face": KINDS,
    "ModelScope": KINDS,
    "BAAI": ("dataset",),
    "OpenDataLab": ("dataset",),
}
LEAST: Final = 50  # downloads in the last month below which a model is not counted, as in the months before
_SETS: Final = ("author", "createdAt", "downloads", "downloadsAllTime", "likes", "tags")
_MODELS: Final = (*_SETS, "pipeline_tag", "childrenModelCount", "safetensors")
_HANDLE: Final = re.compile(r"[A-Za-z0-9_][\w.-]{0,95}", re.ASCII)
_INDUSTRY: Final = frozenset("medical legal finance biology chemistry climate agriculture geospatial music".split())


@dataclass(frozen=True, slots=True)
class Page:
    """Where an organisation publishes: a handle on a platform, or for OpenDataLab one data set."""

    organisation: str
    platform: str
    handle: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A page of which a kind of repository was not read, or not to the end; `reason` is one sentence."""

    page: Page
    kind: Kind
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """One repository as a platform has it; `said` are facts under the columns' names, `words` its tasks and tags."""

    page: Page
    kind: Kind
    id: str
    at: str
    said: Mapping[str, Any]
    words: tuple[str, ...] = ()
    link: str = ""


def read_pages(path: Path) -> list[Page]:
    """Read a table of organisations (CSV: organisation, platform, handle); ValueError says what is wrong."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as wrong:
        raise ValueError(f"{path} cannot be read: {getattr(wrong, 'strerror', None) or 'it is no CSV'}.") from None
    keys = ("organisation", "platform", "handle", "page")
    found = [Page(*(as_text(row.get(key)) or "" for key in keys)) for row in rows]
    lame = [n for n, page in enumerate(found, start=2) if not (page.organisation and page.platform)]
    if not found or lame:
        where = f"row {lame[0]} of {path}" if found and len(lame) < len(found) else str(path)
        raise ValueError(f"{where} names no organisation and platform; the columns are organisation, platform, handle.")
    # A page counts once, however its handle is spelled; the first address of it stays.
    once: dict[tuple[str, str, str], Page] = {}
    for page in found:
        once.setdefault((page.organisation, page.platform, page.handle.lower()), page)
    return list(once.values())


def fetch(
    asker: Asker, page: Page, wanted: Iterable[str] = STEPS, kinds: Iterable[Kind] = KINDS
) -> Iterator[Found | Gap]:
    """Yield what an organisation has on one page, and a gap for what was not read; the asker notes what is missing."""
    match page.platform:
        case "Hugging Face" | "ModelScope" if not _HANDLE.fullmatch(page.handle):
            asker.miss(f"organisations/{digest(repr(page))}", "refused", f"{page.handle[:60]!r} is no handle.")
            yield from (Gap(page, kind, "The table of organisations names no handle.") for kind in kinds)
        case "Hugging Face":
            for kind in kinds:
                yield from _whole(
                    asker, page, kind, partial(_hub, page=page, kind=kind, asker=asker, wanted=set(wanted))
                )
        case "ModelScope":
            for kind in kinds:
                yield from _whole(asker, page, kind, partial(_modelscope, page=page, kind=kind))
        case "BAAI":
            yield from _whole(asker, page, "dataset", partial(_baai, page=page))
        case "OpenDataLab":
            yield from _whole(asker, page, "dataset", partial(_opendatalab, page=page))
        case other:
            reason = f"{other} has no listing that can be collected; give a table of it with --table."
            asker.miss(f"organisations/{page.organisation}/{other}", "refused", reason)
            yield from (Gap(page, kind, reason) for kind in kinds)


def _whole(asker: Asker, page: Page, kind: Kind, listed: Callable[[Asker], Iterator[Found]]) -> Iterator[Found | Gap]:
    """Yield a listing, and a gap if anything in it went wrong; that a data set is gone is no gap."""
    watched = Watched(asker)
    yield from listed(watched)
    wrong = [reason for sort, reason in watched.noted if (page.platform, sort) != ("OpenDataLab", "missing")]
    if wrong:
        yield Gap(page, kind, wrong[0])


def _modelscope(listed: Asker, page: Page, kind: Kind) -> Iterator[Found]:
    for raw in modelscope.fetch(listed, "models" if kind == "model" else "datasets", page.handle):
        said = modelscope.facts(raw)
        words = (*(said["tasks"] or ()), *(said["tags"] or ()))
        yield Found(page, kind, said["id"], raw.at, said, words, f"https://modelscope.cn/{raw.kind}/{said['id']}")


def _baai(listed: Asker, page: Page) -> Iterator[Found]:
    for raw in baai.fetch(listed):
        said = baai.facts(raw)
        link = f"{baai.SITE}/datadetail/{quote(said['id'])}"
        yield Found(page, "dataset", f"BAAI/{said['id']}", raw.at, said, tuple(said["tags"] or ()), link)


def _opendatalab(listed: Asker, page: Page) -> Iterator[Found]:
    for raw in opendatalab.fetch(listed, [page.handle] if page.handle else []):
        said = opendatalab.facts(raw)
        link = f"https://opendatalab.com/{raw.dataset}"
        yield Found(page, "dataset", raw.dataset, raw.at, said, tuple(said["tasks"] or ()), link)


def _hub(listed: Asker, page: Page, kind: Kind, asker: Asker, wanted: set[str]) -> Iterator[Found]:
    expand = _MODELS if kind == "model" else _SETS
    for raw in hub.listing(listed, hub.Choice(author=page.handle), f"{kind}s", expand):
        said = {
            "downloads_last_month": as_count(raw.row.get("downloads")),
            "total_downloads": as_count(raw.row.get("downloadsAllTime")),
            "likes": as_count(raw.row.get("likes")),
            "parameters": as_count(as_dict(raw.row.get("safetensors")).get("total")),
        }
        name = as_text(raw.row.get("id")) or ""
        if kind == "model":
            if _too_few(said):
                continue
            said["descendants"] = hub.descendants(raw.row)
            said["community"] = _community(asker, name) if "community" in wanted else None
        elif "usage" in wanted:
            said["dataset_usage"] = _usage(asker, name)
        tasks = as_strings(raw.row.get("pipeline_tag")) if kind == "model" else []
        link = f"{ids.SITE}/{name}" if kind == "model" else f"{ids.SITE}/datasets/{name}"
        yield Found(page, kind, name, raw.at, said, (*tasks, *as_strings(raw.row.get("tags"))), link)


def _community(asker: Asker, model: str) -> int | None:
    response = asker.ask(first_page(model), days=7)
    return as_count(as_dict(response.data).get("count"))


def _usage(asker: Asker, name: str) -> int | None:
    """Count the models that say that they were trained on a data set."""
    watched, count = Watched(asker), 0
    asked = (("filter", f"dataset:{name}"), ("limit", str(hub.PAGE)), ("expand", "likes"))
    first = request("usage", digest(name), "/api/models", *asked)
    for rows, _ in pages(watched, first, lambda data: data, hub.row_id, by_link, days=7):
        count += len(rows)
    return None if watched.noted else count


def _too_few(said: Mapping[str, Any]) -> bool:
    """Whether a model certainly has fewer downloads a month than count."""
    counts = [said.get(key) for key in ("downloads_last_month", "total_downloads")]
    return any(count is not None and count < LEAST for count in counts)


def rows(found: Iterable[Found | Gap], known: Known | None = None) -> Iterator[dict[str, Any]]:
    """Turn what was found into repository rows, without the models that certainly have too few downloads to count."""
    for one in found:
        if isinstance(one, Gap):
            continue
        made = row(one, known)
        if one.kind == "dataset" or not _too_few(made):
            yield made


def row(found: Found, known: Known | None = None) -> dict[str, Any]:
    """Turn what was found into a repository row of the month of `found.at`. Pure.

    Unknown is None. A month's downloads that the platform does not give are the difference of two totals; which two, or
    why there are none, stands in `evidence`.
    """
    known = known or Known()
    repo, _, name = found.id.rpartition("/")
    day, said = found.at[:10], found.said
    source = PLATFORMS[found.page.platform]
    label, stage = known.labels.get((found.page.organisation, name), (None, None))
    made: dict[str, Any] = {
        "month": day,
        "source": source,
        "kind": found.kind,
        "org": found.page.organisation,
        "repo": repo or found.page.handle,
        "name": name,
        "modality": label or _modality(found),
        "lifecycle": stage,
        "industry": _industry(found),
        "date_crawl": day,
        "link": found.link,
        "evidence": "",
    }
    for key in ("downloads_last_month", "total_downloads", "likes", "community", "descendants", "dataset_usage"):
        made[key] = said.get(key)
    made["parameters"] = said.get("parameters")
    return with_month(made, known.totals.get(subject(source, found.kind, found.id), {}))


def _industry(found: Found) -> str | None:
    """Whether a data set is for one industry, by its tags; unknown where there are none."""
    if found.kind == "model" or not found.words:
        return None
    return "yes" if _INDUSTRY & {word.lower().rpartition(":")[2] for word in found.words} else "no"


def _modality(found: Found) -> str | None:
    if found.kind == "model":
        return modality.of_model(found.words, found.words)
    return modality.of_dataset(found.words) or modality.of_model(found.words)
