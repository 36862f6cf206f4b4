"""What organisations publish: from their pages on the platforms to repository rows, one a repository on a platform.

A page is a row of the table of organisations: organisation, platform, handle. The rows that come out have the columns
of the organisation data. `fetch` asks and yields what it found, `row` is pure. Kind of data and stage of training,
which no platform states well, come from the labels of an earlier month that has the repository, else from tasks and
tags.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from data import modality
from data.monthly import monthly
from data.shapes import as_count, as_dict, as_strings, as_text
from data.sources import baai, hub, hub_id, modelscope, opendatalab
from data.sources.asking import Asker, Watched, by_link, digest, pages

Kind = Literal["model", "dataset"]
KINDS: Final[tuple[Kind, ...]] = ("model", "dataset")
Step = Literal["community", "usage"]
STEPS: Final[tuple[Step, ...]] = ("community", "usage")
# A platform's name -> its word in the organisation data.
PLATFORMS: Final[Mapping[str, str]] = {
    "Hugging Face": "HuggingFace",
    "ModelScope": "ModelScope",
    "BAAI": "BAAIData",
    "OpenDataLab": "OpenDataLab",
}
LEAST: Final = 50  # downloads in the last month below which a model is not counted, as in the months before
_SETS: Final = ("author", "createdAt", "downloads", "likes", "tags")
_MODELS: Final = (*_SETS, "pipeline_tag", "childrenModelCount", "safetensors")
_INDUSTRY: Final = frozenset("medical legal finance biology chemistry climate agriculture geospatial music".split())


@dataclass(frozen=True, slots=True)
class Page:
    """Where an organisation publishes: a handle on a platform, or for OpenDataLab one data set."""

    organisation: str
    platform: str
    handle: str


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


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier months say: labels of repositories, and totals by day."""

    labels: Mapping[tuple[str, str], tuple[str | None, str | None]] = field(default_factory=dict)
    totals: Mapping[tuple[str, str, str], Mapping[str, int]] = field(default_factory=dict)


def read_pages(path: Path) -> list[Page]:
    """Read a table of organisations (CSV: organisation, platform, handle); ValueError says what is wrong."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as wrong:
        raise ValueError(f"{path} cannot be read: {getattr(wrong, 'strerror', None) or 'it is no CSV'}.") from None
    found = [Page(*(str(row.get(key) or "").strip() for key in ("organisation", "platform", "handle"))) for row in rows]
    sound = [page for page in found if page.organisation and page.platform]
    if not sound:
        raise ValueError(f"{path} names no organisation; it needs the columns organisation, platform and handle.")
    return list(dict.fromkeys(sound))


def fetch(asker: Asker, page: Page, wanted: Iterable[str] = STEPS) -> Iterator[Found]:
    """Yield what an organisation has on one page; what is missing is noted by the asker."""
    match page.platform:
        case "Hugging Face":
            for kind in KINDS:
                yield from _hub(asker, page, kind, set(wanted))
        case "ModelScope":
            for kind in KINDS:
                for raw in modelscope.fetch(asker, "models" if kind == "model" else "datasets", page.handle):
                    found = modelscope.facts(raw)
                    words = (*(found["tasks"] or ()), *(found["tags"] or ()))
                    link = f"https://modelscope.cn/{raw.kind}/{found['id']}"
                    yield Found(page, kind, found["id"], raw.at, found, words, link)
        case "BAAI":
            for one in baai.fetch(asker):
                said = baai.facts(one)
                link = f"{baai.SITE}/datadetail/{said['id']}"
                yield Found(page, "dataset", f"BAAI/{said['name']}", one.at, said, tuple(said["tags"] or ()), link)
        case "OpenDataLab":
            for dataset in opendatalab.fetch(asker, [page.handle] if page.handle else []):
                said = opendatalab.facts(dataset)
                link = f"https://opendatalab.com/{dataset.dataset}"
                yield Found(page, "dataset", dataset.dataset, dataset.at, said, tuple(said["tasks"] or ()), link)
        case other:
            asker.miss(f"organisations/{page.organisation}/{other}", "refused", f"{other} has no listing to collect.")


def _hub(asker: Asker, page: Page, kind: Kind, wanted: set[str]) -> Iterator[Found]:
    expand = _MODELS if kind == "model" else _SETS
    for raw in hub.listing(asker, hub.Choice(author=page.handle), f"{kind}s", expand):
        said = {
            "downloads_last_month": as_count(raw.row.get("downloads")),
            "likes": as_count(raw.row.get("likes")),
            "parameters": as_count(as_dict(raw.row.get("safetensors")).get("total")),
        }
        name = as_text(raw.row.get("id")) or ""
        if kind == "model":
            if _too_few(said):
                continue
            children = [as_count(n) for n in as_dict(raw.row.get("childrenModelCount")).values()]
            said["descendants"] = sum(n or 0 for n in children) if children and None not in children else None
        elif "usage" in wanted:
            said["dataset_usage"] = _usage(asker, name)
        if "community" in wanted:
            said["community"] = _community(asker, kind, name)
        tasks = as_strings(raw.row.get("pipeline_tag")) if kind == "model" else []
        link = f"{hub_id.SITE}/{name}" if kind == "model" else f"{hub_id.SITE}/datasets/{name}"
        yield Found(page, kind, name, raw.at, said, (*tasks, *as_strings(raw.row.get("tags"))), link)


def _community(asker: Asker, kind: Kind, name: str) -> int | None:
    asked = (("type", "all"), ("status", "all"), ("p", "0"))
    step = "discussions" if kind == "model" else "datasets-discussions"
    reply = asker.ask(hub.call(step, name, f"/api/{kind}s/{name}/discussions", *asked), days=7)
    return as_count(as_dict(reply.data).get("count"))


def _usage(asker: Asker, name: str) -> int | None:
    """Count the models that say that they were trained on a data set."""
    watched, count = Watched(asker), 0
    asked = (("filter", f"dataset:{name}"), ("limit", str(hub.PAGE)), ("expand", "likes"))
    first = hub.call("usage", digest(name), "/api/models", *asked)
    for rows, _ in pages(watched, first, lambda data: data, hub.row_id, by_link):
        count += len(rows)
    return None if watched.noted else count


def _too_few(said: Mapping[str, Any]) -> bool:
    """Whether a model certainly has fewer downloads a month than count."""
    counts = [said.get(key) for key in ("downloads_last_month", "total_downloads")]
    return any(count is not None and count < LEAST for count in counts)


def rows(found: Iterable[Found], known: Known | None = None) -> Iterator[dict[str, Any]]:
    """Turn what was found into repository rows, without the models that certainly have too few downloads to count."""
    for one in found:
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
        "industry": bool(_INDUSTRY & {word.lower() for word in found.words}) if found.kind == "dataset" else None,
        "date_crawl": day,
        "link": found.link,
        "evidence": "",
    }
    for key in ("downloads_last_month", "total_downloads", "likes", "community", "descendants", "dataset_usage"):
        made[key] = said.get(key)
    made["parameters"] = said.get("parameters")
    if made["downloads_last_month"] is None and made["total_downloads"] is not None:
        totals = dict(known.totals.get((source, made["repo"], name), {})) | {day: made["total_downloads"]}
        month = monthly(totals)
        made |= {"downloads_last_month": month.downloads, "evidence": month.evidence}
    return made


def _modality(found: Found) -> str | None:
    if found.kind == "model":
        return modality.of_model(found.words, found.words)
    return modality.of_dataset(found.words) or modality.of_model(found.words)


def learn(rows: Iterable[Mapping[str, Any]]) -> Known:
    """Read labels and totals from the repository rows of earlier months; the newest label of a repository counts."""
    labels: dict[tuple[str, str], tuple[str | None, str | None]] = {}
    totals: dict[tuple[str, str, str], dict[str, int]] = {}
    for one in sorted(rows, key=lambda r: str(r.get("date_crawl") or r.get("month") or "")):
        org, name, repo, source = (str(one.get(key) or "") for key in ("org", "name", "repo", "source"))
        stated = [as_text(one.get(key)) for key in ("modality", "lifecycle")]
        before = labels.get((org, name), (None, None))
        label, stage = (None if text in (None, "null") else text for text in stated)
        labels[org, name] = (label or before[0], stage or before[1])
        total, day = as_count(one.get("total_downloads")), as_text(one.get("date_crawl"))
        if total is not None and day:
            totals.setdefault((source, repo, name), {})[day[:10]] = total
    return Known(labels, totals)


def opendatalab_pages(rows: Iterable[Mapping[str, Any]]) -> list[Page]:
    """Return the data sets of OpenDataLab that earlier months have, as pages: the platform lists none itself."""
    made = []
    for one in rows:
        if one.get("source") == "OpenDataLab" and (path := urlsplit(str(one.get("link") or "")).path.strip("/")):
            made.append(Page(str(one.get("org") or ""), "OpenDataLab", path))
    return list(dict.fromkeys(made))


def systems(rows: Iterable[Mapping[str, Any]], forged: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Bring the named systems up to date with what their forges count: rows by the address of the repository."""
    made = []
    for one in rows:
        found = forged.get(str(one.get("repository") or "").rstrip("/").lower())
        fresh = {}
        if found:
            pairs = {"stars": "stars", "forks": "forks", "open_issues": "open_issues", "commits": "commits"}
            pairs |= {"contributors": "authors", "pushed": "last_commit"}
            fresh = {column: found[fact] for fact, column in pairs.items() if found.get(fact) is not None}
            fresh |= {"as_of": found["as_of"], "source": one["repository"]} if fresh else {}
        made.append({**one, **fresh})
    return made
