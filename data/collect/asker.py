"""What a platform's module needs: an asker, and a way through listings of many pages."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qs, urlsplit

from data.http.message import Failure, Request, Response, Wrong
from data.shapes import as_count, as_dict

if TYPE_CHECKING:
    from data.http.client import Limits

IsFinal = Callable[[Response], bool]
EMPTY = 3  # pages without a row, one after the other, that a listing may have


def always(_: Response) -> bool:
    """Say that an answer is final."""
    return True


class Asker(Protocol):
    """Answers requests: a collection from the live platforms, a replay of what it kept, or a look-up of one model."""

    @property
    def limits(self) -> Limits:
        """How far to go, in a listing above all."""

    def ask(self, request: Request, *, stamp: str = "", days: float = 0.0, final: IsFinal = always) -> Response:
        """Return the answer. An older one serves if it is final, bears this stamp and is at most so many days old."""

    def miss(self, name: str, kind: Failure, reason: str) -> None:
        """Note that something is missing that no single call has failed to bring."""

    def past(self, prefix: str, name: str) -> None:
        """Say that the listing under `prefix` ended with the page `name`: kept pages beyond it are of an older one."""


class Watched:
    """An asker that remembers what went wrong, kind and reason, so that a part is never taken for the whole."""

    def __init__(self, asker: Asker) -> None:
        self._asker, self.limits, self.noted = asker, asker.limits, list[tuple[Failure, str]]()

    def ask(self, request: Request, *, stamp: str = "", days: float = 0.0, final: IsFinal = always) -> Response:
        """See Asker."""
        response = self._asker.ask(request, stamp=stamp, days=days, final=final)
        if not response.good:
            self.noted.append((response.kind, response.reason))
        elif response.stale:
            self.noted.append(("not asked", response.stale))
        return response

    def miss(self, name: str, kind: Failure, reason: str) -> None:
        """See Asker."""
        self.noted.append((kind, reason))
        self._asker.miss(name, kind, reason)

    def past(self, prefix: str, name: str) -> None:
        """See Asker."""
        self._asker.past(prefix, name)


def name(*parts: object) -> str:
    """Return the name of a call; a long part is replaced by its hash."""
    return "/".join(p if len(p) <= 120 else digest(p) for p in map(str, parts))


def digest(text: str) -> str:
    """Return sixteen hex digits that stand for a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def pages(
    asker: Asker,
    first: Request,
    rows: Callable[[Any], object],
    key: Callable[[Mapping[str, Any]], str | None],
    following: Callable[[Request, Response, int], Request | None],
    days: float = 0.0,
) -> Iterator[tuple[list[Mapping[str, Any]], str]]:
    """Yield the rows of a listing page by page, none of them twice, with the date of its page.

    `rows` finds the list in a page's JSON, `key` the id of a row (None: that is not a row), `following` makes the call
    for the page after this one, or None; a kept page serves for `days`. Whatever is wrong with a listing is noted and
    never silent: a page that fails or holds no list ends it, as do a page that brings nothing new, several empty ones
    in a row and one page too many; rows of no shape are counted.
    """
    seen: set[int] = set()  # hashes, because a listing may have a million rows
    request: Request | None = replace(first, wrong=_no_list(rows, first.wrong))
    prefix, strange, number, empty = first.name + "/", 0, 0, 0
    while request is not None:
        request = replace(request, name=f"{prefix}{number:06d}")
        response = asker.ask(request, days=days) if number < asker.limits.max_pages and empty < EMPTY else None
        if response and not response.good:
            break  # the failed call is noted already
        listed = rows(response.data) if response else []
        keyed = [(as_dict(row), key(as_dict(row))) for row in listed] if isinstance(listed, list) else []
        strange += sum(k is None for _, k in keyed)
        good = _new([(row, k) for row, k in keyed if k is not None], seen)
        if response is None or (keyed and not good and number):
            asker.miss(prefix + "pages", "pages", _ending(response, empty, number))
            break
        yield good, response.at
        empty = 0 if keyed else empty + 1
        after = following(request, response, len(keyed))
        if after is None:
            asker.past(prefix, request.name)
        request, number = after, number + 1
    if strange:
        asker.miss(prefix + "rows", "damaged", f"{strange} rows of the listing have no shape that can be read.")


def _no_list(rows: Callable[[Any], object], own: Wrong | None) -> Wrong:
    """Find a page that holds no list: it failed, so that it is asked again."""

    def wrong(data: Any) -> tuple[Failure, str] | None:
        if own and (found := own(data)):
            return found
        return None if isinstance(rows(data), list) else ("damaged", "A page of the listing holds no list.")

    return wrong


def _ending(response: Response | None, empty: int, number: int) -> str:
    if response is not None:
        return f"Page {number + 1} of the listing brings nothing new."
    return f"The listing goes on after {empty or number} {'empty ' if empty else ''}pages; it was not followed further."


def _new(keyed: list[tuple[Mapping[str, Any], str]], seen: set[int]) -> list[Mapping[str, Any]]:
    kept = []
    for row, key in keyed:
        mark = hash(key)
        if mark not in seen:
            seen.add(mark)
            kept.append(row)
    return kept


def by_link(request: Request, response: Response, _: int) -> Request | None:
    """Follow the Link header, which carries all parameters; a link to another host is refused when it is asked."""
    if not response.link:
        return None
    return replace(request, path=response.link, params=())


def by_number(request: Request, response: Response, rows: int) -> Request | None:
    """Go on to the last page if the platform names it or a next one, else as long as pages of `per_page` are full."""
    asked = dict(request.params)
    page, last = int(asked["page"]) + 1, page_of(response.last)
    more = page <= last if last is not None else bool(response.link) or rows == int(asked["per_page"])
    return replace(request, params=tuple((asked | {"page": str(page)}).items())) if more else None


def page_of(address: str) -> int | None:
    """Return the number of the page that an address asks for; None when it names none."""
    return as_count(parse_qs(urlsplit(address).query).get("page", [""])[-1])
