"""What organisations publish: from their pages on the platforms to repository rows, one a repository on a platform.

A page is a row of the table of organisations: organisation, platform, handle. `fetch` asks and yields what it found,
`row` is pure. Kind of data and stage of training, which no platform states well, come from the labels of an earlier
month that has the repository; kind of data else from tasks and tags: of 2,120 models with a task and a label by hand,
1,941 agree. A listing that was not read to its end is a gap: a part of it must never be counted as the whole.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from data.collect.asker import Asker, digest
from data.organisations import industry
from data.organisations.history import History, kept_by_hand, newest
from data.organisations.month import CURATED
from data.platforms import named, title, word
from data.platforms.opendatalab import OPENDATALAB
from data.platforms.repository import (
    COUNTS,
    KINDS,
    Listed,
    RepositoryKind,
    RepositoryRow,
    Unread,
    subject,
    too_few,
    with_month,
)
from data.shapes import as_text

Step = Literal["community", "usage"]
STEPS: Final[tuple[Step, ...]] = ("community", "usage")
_HANDLE: Final = re.compile(r"[A-Za-z0-9_][\w.-]{0,95}", re.ASCII)


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
    kind: RepositoryKind
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """One repository as a page lists it."""

    page: Page
    listed: Listed

    @property
    def subject(self) -> str:
        """The key of its totals."""
        return subject(word(self.page.platform), self.listed.kind, self.listed.id)


def pages(path: Path | None, only: Iterable[str] = ()) -> list[Page]:
    """Return the pages of the table of organisations (default: the curated one); ValueError says what is wrong with it.

    OpenDataLab lists nothing: in place of an organisation's page come the data sets that earlier months have of it.
    """
    every = read_pages(path or CURATED / "organisation_pages.csv")
    wanted = {name.lower() for name in only}
    kept = [page for page in every if not wanted or page.organisation.lower() in wanted]
    missing = wanted - {page.organisation.lower() for page in kept}
    if missing:
        names = ", ".join(sorted({page.organisation for page in every}, key=str.lower))
        raise ValueError(f"The table of organisations does not have {', '.join(sorted(missing))}; it has {names}.")
    unlisted = {page.organisation for page in kept if page.platform == OPENDATALAB.title and not page.handle}
    months = (kept_by_hand(), newest()) if unlisted else ()
    sets = opendatalab_pages(row for month in months for row in month.repositories.to_pylist())
    kept = [page for page in kept if page.platform != OPENDATALAB.title or page.handle]
    return [*kept, *(page for page in sets if page.organisation in unlisted)]


def read_pages(path: Path) -> list[Page]:
    """Read a table of organisations (CSV: organisation, platform, handle); ValueError says what is wrong."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as wrong:
        raise ValueError(f"{path} cannot be read: {getattr(wrong, 'strerror', None) or 'it is not CSV'}.") from None
    cells = [[as_text(row.get(key)) or "" for key in ("organisation", "platform", "handle", "page")] for row in rows]
    found = [Page(organisation, title(platform), *rest) for organisation, platform, *rest in cells]
    incomplete = [n for n, page in enumerate(found, start=2) if not (page.organisation and page.platform)]
    if not found or incomplete:
        where = f"row {incomplete[0]} of {path}" if found and len(incomplete) < len(found) else str(path)
        raise ValueError(f"{where} names no organisation and platform; the columns are organisation, platform, handle.")
    # A page counts a single time, however its handle is spelled; the first address of it stays.
    unique: dict[tuple[str, str, str], Page] = {}
    for page in found:
        unique.setdefault((page.organisation, page.platform, page.handle.lower()), page)
    return list(unique.values())


def opendatalab_pages(rows: Iterable[Mapping[str, Any]]) -> list[Page]:
    """Return the data sets of OpenDataLab that earlier months have, as pages: the platform lists none itself."""
    found = []
    for row in rows:
        if row.get("source") == OPENDATALAB.word and (path := urlsplit(str(row.get("link") or "")).path.strip("/")):
            found.append(Page(str(row.get("org") or ""), OPENDATALAB.title, path, str(row["link"])))
    return list(dict.fromkeys(found))


def shown(page: Page) -> tuple[RepositoryKind, ...]:
    """Return the kinds of repository that a page lists: none where its platform has no listing that can be read."""
    platform = named(page.platform)
    return tuple(kind for kind in KINDS if platform and platform.repositories and kind in platform.lists)


def fetch(
    asker: Asker, page: Page, wanted: Iterable[str] = STEPS, kinds: Iterable[RepositoryKind] = KINDS
) -> Iterator[Found | Gap]:
    """Yield what an organisation has on one page, and a gap for what was not read; the asker notes what is missing."""
    platform = named(page.platform)
    if platform is None or platform.repositories is None:
        reason = f"{page.platform} has no listing that can be collected; give a table of it with --table."
        asker.miss(f"organisations/{page.organisation}/{page.platform}", "refused", reason)
        yield from (Gap(page, kind, reason) for kind in kinds)
        return
    if "author" in platform.options.takes and not _HANDLE.fullmatch(page.handle):
        asker.miss(f"organisations/{digest(repr(page))}", "refused", f"{page.handle[:60]!r} is not a handle.")
        yield from (Gap(page, kind, "The table of organisations names no handle.") for kind in kinds)
        return
    for kind in (kind for kind in shown(page) if kind in kinds):
        for one in platform.repositories(asker, page.handle, kind, wanted):
            yield Gap(page, kind, str(one)) if isinstance(one, Unread) else Found(page, one)


def rows(found: Iterable[Found | Gap], history: History | None = None) -> Iterator[RepositoryRow]:
    """Turn what was found into repository rows, without the models that certainly have too few downloads to count."""
    for one in found:
        if isinstance(one, Found):
            made = row(one, history)
            if made.kind == "dataset" or not too_few(made.downloads_last_month, made.total_downloads):
                yield made


def row(found: Found, history: History | None = None) -> RepositoryRow:
    """Turn what was found into the repository row of the day on which it was read. Pure.

    A month's downloads that the platform does not give are the difference of two totals; which two, or why there are
    none, stands in `evidence`.
    """
    history = history or History()
    listed, organisation = found.listed, found.page.organisation
    repo, _, name = listed.id.rpartition("/")
    label, stage = history.labels.get((organisation, name), (None, None))
    known = {
        "source": word(found.page.platform),
        "kind": listed.kind,
        "org": organisation,
        "repo": repo or found.page.handle,
        "name": name,
        "modality": label or modality(listed.kind, listed.words),
        "lifecycle": stage,
        "industry": _industry(listed),
        "date_crawl": listed.at[:10],
        "link": listed.link,
        "evidence": "",
        **{column: listed.facts.get(column) for column in (*COUNTS, "parameters")},
    }
    return RepositoryRow(**with_month(known, history.totals.get(found.subject, {})))


def _industry(listed: Listed) -> str | None:
    """Whether a data set is for one industry, by its tags; unknown where there are none."""
    if listed.kind == "model" or not listed.words:
        return None
    return "yes" if industry.found("", listed.words) else "no"


def modality(kind: RepositoryKind, words: Iterable[str]) -> str | None:
    """Return the kind of data of a repository by its tasks and tags, in the words of the indicators; None = unknown."""
    words = [word.lower() for word in words]
    if kind == "model" and _PROTEIN & set(words):
        return "Protein"
    tagged = _tagged(words) if kind == "dataset" else None
    return tagged or next((_TASKS[word] for word in words if word in _TASKS), None)


def _tagged(tags: list[str]) -> str | None:
    """Return the modality of a data set by the Hub's tags `modality:` and `task_categories:`."""
    kinds = {_TAGS[tag[9:]] for tag in tags if tag.startswith("modality:") and tag[9:] in _TAGS}
    tasks = {_TASKS[tag[16:]] for tag in tags if tag.startswith("task_categories:") and tag[16:] in _TASKS}
    if "Embodied" in tasks:
        return "Embodied"
    if len(kinds) > 1 or (not kinds and "Multimodal" in tasks):
        return "Multimodal"
    found = kinds or {"Language" if kind == "Vector" else kind for kind in tasks}
    return found.pop() if len(found) == 1 else "Multimodal" if found else None


_TASKS: Final[Mapping[str, str]] = {
    task: label
    for label, tasks in {
        "Language": "text-generation text2text-generation fill-mask summarization translation question-answering"
        " text-classification token-classification table-question-answering conversational",
        "Vector": "sentence-similarity feature-extraction text-ranking sentence-embedding",
        "Speech": "automatic-speech-recognition text-to-speech text-to-audio audio-classification audio-to-audio"
        " voice-activity-detection auto-speech-recognition",
        "Vision": "image-classification image-segmentation object-detection zero-shot-object-detection depth-estimation"
        " image-feature-extraction mask-generation keypoint-detection keypoint-matching video-classification"
        " image-to-image image-to-video video-to-video unconditional-image-generation",
        "Multimodal": "image-text-to-text image-to-text visual-question-answering document-question-answering"
        " any-to-any"
        " video-text-to-text audio-text-to-text text-to-image text-to-video zero-shot-image-classification"
        " zero-shot-classification visual-document-retrieval image-text-to-image image-text-to-video"
        " text-to-image-synthesis text-to-video-synthesis multi-modal-embedding",
        "3D": "image-to-3d text-to-3d",
        "Embodied": "robotics reinforcement-learning",
    }.items()
    for task in tasks.split()
}
_TAGS: Final = {"text": "Language", "audio": "Speech", "image": "Vision", "video": "Vision", "3d": "Vision"}
_PROTEIN: Final = frozenset({"protein", "protein-language-model", "protein-folding", "protein-design"})
