"""A request to a platform and the response to it, or why there is none."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Literal
from urllib.parse import urlencode, urljoin, urlsplit

Failure = Literal[
    "", "quota", "server", "unreachable", "slow", "denied", "missing", "refused", "damaged", "large", "redirect",
    "pages", "stopped", "not asked",
]  # fmt: skip

UNREADABLE = "http://unreadable.invalid"  # stands for a link that says that there is more, and not where
Wrong = Callable[[Any], tuple[Failure, str] | None]


@dataclass(frozen=True)
class Request:
    """One request. `name` is its id in a run; `base` the platform's endpoint, beyond whose host nothing is followed.

    `secret` holds headers and query parameters with a token: they are added on the way out and kept nowhere.
    `wrong` finds the failure in a response under status 200: kind and reason, None for a good one. `into` is given the
    body of a good reply piece by piece, of each try anew, as it came and unread: a file that has a checksum elsewhere.
    """

    name: str
    base: str
    path: str
    params: tuple[tuple[str, str], ...] = ()
    method: Literal["GET", "POST", "PUT"] = "GET"
    json: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    secret: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    bucket: str = "api"
    silent: tuple[int, float] | None = None  # calls and seconds, where no header states a rate limit
    text: bool = False  # expects text rather than JSON
    optional: bool = False  # that there is nothing is an answer like any other
    wrong: Wrong | None = field(default=None, repr=False, compare=False)
    into: Callable[[Iterator[bytes]], None] | None = field(default=None, repr=False, compare=False)
    hosts: tuple[str, ...] = ()  # domains to which its host may redirect as well; no token goes there

    @property
    def url(self) -> str:
        """The address without any token; `path` may be a whole address, as the links to further pages are."""
        address = self.path if "://" in self.path else self.base.rstrip("/") + self.path
        return f"{address}?{urlencode(self.params)}" if self.params else address

    @property
    def host(self) -> str:
        """The platform's host, for people."""
        return origin(self.base).removesuffix(":443").removesuffix(":80").partition("://")[2]


@dataclass(frozen=True)
class Response:
    """What came of a request: `kind` is '' for a good one, else the kind of failure, with `reason`, a sentence."""

    name: str
    url: str
    at: str
    status: int = 0
    body: bytes = b""
    link: str = ""  # the address of the next page
    last: str = ""  # the address of the last page
    code: str = ""  # the Hub's word for what is wrong
    kind: Failure = ""
    reason: str = ""
    stale: str = ""  # why an older answer stands in for a newer one

    @property
    def good(self) -> bool:
        """Whether there is something to read."""
        return not self.kind

    @cached_property
    def data(self) -> Any:
        """The body as JSON; None for a failed call."""
        return parse(self.body) if self.good and self.body else None

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


def parse(body: bytes) -> Any:
    """Read JSON in UTF-8; ValueError for anything else. NaN and Infinity, which some write, are unknown."""
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=lambda _: None, parse_int=_whole)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) < 400 else float("inf")


def origin(url: str) -> str:
    """Return scheme, host and port of an address; '' for what is no http address."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    except (ValueError, KeyError):
        return ""
    return f"{parts.scheme}://{(parts.hostname or '').lower()}:{port}" if parts.hostname else ""


def follow(url: str, target: str) -> str:
    """Return the absolute address that a Location or Link header of `url` means."""
    try:
        return urljoin(url, target)
    except ValueError:
        return ""


def now() -> str:
    """Return the time in UTC as replies are dated; such times compare as texts."""
    return datetime.now(UTC).isoformat(timespec="microseconds")
