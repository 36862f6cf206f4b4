"""Semantic Scholar: how often papers are cited, five hundred papers a call. Optional; a key only raises the limits."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from data.collect.asker import Asker, digest
from data.collect.plan import Quota
from data.http.message import Request
from data.platforms.platform import Options, Platform, Raw
from data.shapes import as_count, as_dict

BATCH: Final = 500
_PAPER: Final = re.compile(
    r"(?:https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/|arxiv:)?"
    r"(\d{4}\.\d{4,5}|[a-z-]{2,12}(?:\.[a-z]{2})?/\d{7})(?:v\d+)?(?:\.pdf)?",
    re.IGNORECASE | re.ASCII,
)


def paper_id(text: str) -> str | None:
    """Return the arXiv id in an id or an address of a paper, without its version; None for what is neither."""
    found = _PAPER.fullmatch(text.strip())
    return found[1].lower() if found else None


def _request(papers: list[str]) -> Request:
    return SEMANTIC_SCHOLAR.request(
        digest(" ".join(papers)),
        "",
        "/graph/v1/paper/batch",
        ("fields", "citationCount,influentialCitationCount"),
        method="POST",
        json={"ids": [f"ARXIV:{paper}" for paper in papers]},
    )


def fetch(asker: Asker, papers: Iterable[str]) -> Iterator[Raw]:
    """Yield what there is of each arXiv id; what is missing is noted by the asker."""
    wanted = sorted(set(papers))
    for start in range(0, len(wanted), BATCH):
        some = wanted[start : start + BATCH]
        response = asker.ask(_request(some), days=30)
        if not response.good:
            continue
        if not isinstance(response.data, list) or len(response.data) != len(some):
            asker.miss(
                response.name + "/rows", "damaged", f"{len(some)} papers were asked for and not as many answered."
            )
            continue
        yield from (Raw(paper, as_dict(sent), response.at) for paper, sent in zip(some, response.data, strict=True))


def facts(raw: Raw) -> dict[str, Any]:
    """Turn a reply into a row of facts: None where unknown. Pure."""
    return {
        "id": raw.id,
        "source": SEMANTIC_SCHOLAR.title,
        "as_of": raw.at[:10],
        "citations": as_count(raw.sent.get("citationCount")),
        "influential_citations": as_count(raw.sent.get("influentialCitationCount")),
    }


# About one call a second is allowed, which no header states.
SEMANTIC_SCHOLAR: Final[Platform] = Platform(
    id="semanticscholar",
    title="Semantic Scholar",
    lists=("paper",),
    url="https://api.semanticscholar.org",
    variable="SEMANTIC_SCHOLAR_API_URL",
    tokens=("SEMANTIC_SCHOLAR_API_KEY",),
    credential=("headers", "x-api-key", "{}"),
    quotas={"api": Quota(1, 1, 1)},
    silent=True,
    options=Options(takes=("ids",), needs=("ids",), read=paper_id, example="2401.00001"),
    steps=lambda choice: (SEMANTIC_SCHOLAR.step("batches of papers", math.ceil(len(choice["ids"]) / BATCH)),),
    fetch=lambda asker, choice: (fetch(asker, choice["ids"]),),
    facts=facts,
)
