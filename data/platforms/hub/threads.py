"""Hugging Face: the threads of a model's Community tab, their totals without paging and their history with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final, Literal

from data.collect.asker import Asker, Watched, pages
from data.http.message import Request, Response
from data.platforms.hub.ids import request
from data.shapes import as_count, as_date, as_dict, as_text

RECENT: Final = 90  # days that count as recent


def first_page(subject: str, kind: Literal["all", "pull_request"] = "all") -> Request:
    """Make the call for the first page of a model's threads, which says how many there are."""
    step = "discussions" if kind == "all" else "pull-requests"
    asked = (("type", kind), ("status", "all"), ("p", "0"))
    return request(step, subject, f"/api/models/{subject}/discussions", *asked, holds=_counts)


def _counts(sent: Mapping[str, Any]) -> bool:
    return as_count(sent.get("count")) is not None


def totals(asker: Asker, subject: str) -> dict[str, Response]:
    """Ask how many threads a model has, and where the first page is not everything, how many are pull requests."""
    every = asker.ask(first_page(subject), days=7)
    responses = {"discussions": every}
    if every.good and whole_list(every) is None:
        responses["pull_requests"] = asker.ask(first_page(subject, "pull_request"), days=7)
    return responses


def whole_list(response: Response) -> list[Mapping[str, Any]] | None:
    """Return the threads of a first page if they are all that there are."""
    sent = as_dict(response.data)
    listed, count = sent.get("discussions"), as_count(sent.get("count"))
    threads = [as_dict(t) for t in listed] if isinstance(listed, list) else []
    return threads if count == len(threads) and all(isinstance(t.get("isPullRequest"), bool) for t in threads) else None


def history(asker: Asker, subject: str, every: Response | None) -> dict[str, Response]:
    """Read threads until the recent ones are through, and all pull requests, where the first page is not everything."""
    if every and whole_list(every) is not None:
        return {}
    found = {}
    for kind in ("all", "pull_request"):
        asked = (("type", kind), ("status", "all"), ("sort", "recently-created"))
        first = request(f"history-{kind}", subject, f"/api/models/{subject}/discussions", *asked)
        watched = Watched(asker)
        read, last = list[dict[str, Any]](), ""
        for rows, at in pages(watched, _numbered(first, 0), _threads, _number, _next_threads, days=7):
            read, last = read + [thread(row) for row in rows], at
            oldest = min((str(row["createdAt"]) for row in read if row["createdAt"]), default="")
            if kind == "all" and oldest < days_before(at, RECENT):
                break
        if last and not watched.noted:
            found[f"history:{kind}"] = Response(first.name, first.url, last, 200, json.dumps(read).encode())
    return found


def _numbered(first: Request, page: int) -> Request:
    return replace(first, params=(*first.params[:3], ("p", str(page))))


def _next_threads(request: Request, response: Response, rows: int) -> Request | None:
    sent = as_dict(response.data)
    page, start = int(request.params[-1][1]), as_count(sent.get("start"))
    through = (page * rows if start is None else start) + rows
    return _numbered(request, page + 1) if through < (as_count(sent.get("count")) or 0) else None


def _threads(data: Any) -> object:
    return as_dict(data).get("discussions")


def _number(row: Mapping[str, Any]) -> str | None:
    number = as_count(row.get("num"))
    return None if number is None else str(number)


def thread(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the day and the status of a thread, all that is kept of it."""
    day = as_date(row.get("createdAt"))
    return {"createdAt": day and day.isoformat(), "status": as_text(row.get("status"))}


def days_before(at: str, days: int) -> str:
    """Return the ISO day so many days before a time."""
    return (date.fromisoformat(at[:10]) - timedelta(days=days)).isoformat()
