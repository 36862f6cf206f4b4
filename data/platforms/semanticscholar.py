"""Semantic Scholar: how often papers are cited, five hundred papers a call. Optional; a key only raises the limits."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from data.collect.asker import Asker, digest
from data.http.message import Request
from data.http.secrets import token
from data.shapes import as_count, as_dict

SOURCE: Final = "Semantic Scholar"
BATCH: Final = 500
_PAPER: Final = re.compile(
    r"(?:https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/|arxiv:)?"
    r"(\d{4}\.\d{4,5}|[a-z-]{2,12}(?:\.[a-z]{2})?/\d{7})(?:v\d+)?(?:\.pdf)?",
    re.IGNORECASE | re.ASCII,
)
FACTS: Final[Mapping[str, str]] = {
    "citations": "papers that cite it",
    "influential_citations": "papers that build on it, as the platform judges",
}


@dataclass(frozen=True, slots=True)
class Raw:
    """What was said of one arXiv paper (empty: it is not indexed), with the time of the reply."""

    paper: str
    said: Mapping[str, Any]
    at: str


def base() -> str:
    """Return the address of the API: SEMANTIC_SCHOLAR_API_URL, else the public one."""
    return (os.environ.get("SEMANTIC_SCHOLAR_API_URL") or "https://api.semanticscholar.org").rstrip("/")


def paper_id(text: str) -> str | None:
    """Return the arXiv id in an id or an address of a paper, without its version; None for what is neither."""
    found = _PAPER.fullmatch(text.strip())
    return found[1].lower() if found else None


def request(papers: list[str]) -> Request:
    """Make the call for some papers; about one call a second is allowed, which the platform does not tell."""
    secret = token("semanticscholar")
    return Request(
        name=f"semanticscholar/{digest(' '.join(papers))}",
        base=base(),
        path="/graph/v1/paper/batch",
        params=(("fields", "citationCount,influentialCitationCount"),),
        method="POST",
        json={"ids": [f"ARXIV:{paper}" for paper in papers]},
        secret={"headers": {"x-api-key": secret}} if secret else {},
        silent=(1, 1.0),
    )


def fetch(asker: Asker, papers: Iterable[str]) -> Iterator[Raw]:
    """Yield what there is of each arXiv id; what is missing is noted by the asker."""
    wanted = sorted(set(papers))
    for start in range(0, len(wanted), BATCH):
        some = wanted[start : start + BATCH]
        response = asker.ask(request(some), days=30)
        if not response.good:
            continue
        if not isinstance(response.data, list) or len(response.data) != len(some):
            asker.miss(
                response.name + "/rows", "damaged", f"{len(some)} papers were asked for and not as many answered."
            )
            continue
        yield from (Raw(paper, as_dict(said), response.at) for paper, said in zip(some, response.data, strict=True))


def facts(raw: Raw) -> dict[str, Any]:
    """Turn a reply into a row of facts: every name of FACTS, None where unknown. Pure."""
    return {
        "id": raw.paper,
        "source": SOURCE,
        "as_of": raw.at[:10],
        "citations": as_count(raw.said.get("citationCount")),
        "influential_citations": as_count(raw.said.get("influentialCitationCount")),
    }
