"""What a platform is: where it is, what it may be asked for and what comes of it. Each is one value of this type."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from urllib.parse import urlsplit

from data.collect.asker import Asker, name
from data.collect.plan import Quota, Step
from data.http import secrets
from data.http.message import Request
from data.platforms.repository import Listed, RepositoryKind, Unread
from data.platforms.year import Year

Kind = RepositoryKind | Literal["repository", "paper"]
Choice = Mapping[str, Any]  # what a collection is asked for: ids, author, kind, table, ...
_OWNED = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}/[A-Za-z0-9_.-]{1,100}")


@dataclass(frozen=True, slots=True)
class Raw:
    """What a platform sent of one thing (empty: it does not know it), and the time of the reply."""

    id: str
    sent: Mapping[str, Any]
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a source takes of the options of `weighbridge collect`, and of which it needs one.

    `read` makes an id of whatever names it (None: that is not an id, which looks like `example`); `usual` and `every`
    are the steps beyond the first call.
    """

    takes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    read: Callable[[str], str | None] = str.strip
    example: str = ""
    usual: tuple[str, ...] = ()
    every: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Platform:
    """Everything that the rest of the product knows of one platform.

    `id` is its word on the command line, `title` its name to people; the first of `spellings` is its name in stored
    columns. `url` is the public address of its API, `variable` the environment variable of another one; below it,
    paths begin with `prefix`. `tokens` are the variables of its token, the first that is set counts; `credential` says
    where in a request it goes: headers or params, the name, and the form. `quotas` are the documented limits by bucket;
    a platform whose headers state none (`silent`) is paced by the one of its API.
    """

    id: str
    title: str
    spellings: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()  # of its pages, and of what it lists
    lists: tuple[Kind, ...] = ()
    url: str = ""
    variable: str = ""
    prefix: str = ""
    tokens: tuple[str, ...] = ()
    credential: tuple[Literal["headers", "params"], str, str] = ("headers", "Authorization", "Bearer {}")
    quotas: Mapping[str, Quota] = field(default_factory=dict)
    silent: bool = False
    options: Options = Options()
    # The kinds of call that a choice takes (None: one call an id); the raw replies to it, in parts that may be fetched
    # at the same time; a row of facts out of a raw reply.
    steps: Callable[[Choice], Iterable[Step]] | None = None
    fetch: Callable[[Asker, Choice], Iterable[Iterable[Any]]] = lambda asker, choice: ()
    facts: Callable[[Any], dict[str, Any]] = dict
    # What an owner publishes, where organisations are asked for: owner, kind, and what to ask of each besides.
    repositories: Callable[[Asker, str, RepositoryKind, Iterable[str]], Iterator[Listed | Unread]] | None = None
    # What happened in a repository of code, `owner/name`, in the twelve months before a day, where that is listed.
    year: Callable[[Asker, str, date], Year] | None = None

    def __post_init__(self) -> None:
        """Refuse a variable whose token would not be cut out of what is kept."""
        if wrong := [variable for variable in self.tokens if not variable.endswith(secrets.SUFFIXES)]:
            raise ValueError(f"{wrong[0]}, a token of {self.title}, must end in {' or '.join(secrets.SUFFIXES)}.")

    @property
    def word(self) -> str:
        """Its name in stored columns."""
        return next(iter(self.spellings), self.title)

    @property
    def base(self) -> str:
        """The address of its API: the one in the environment, else the public one."""
        return (os.environ.get(self.variable) or self.url).rstrip("/")

    @property
    def token(self) -> str:
        """Its token from the environment; '' without one."""
        return secrets.token(self.tokens)

    def request(self, step: str, subject: str, path: str, *params: tuple[str, str], **more: Any) -> Request:
        """Make a request, with the token if there is one; `more` are further fields of Request."""
        where, key, form = self.credential
        quota = self.quotas["api"] if self.silent else None
        return Request(
            name=name(self.id, *filter(None, (step, subject))),
            base=self.base,
            path=self.prefix + path,
            params=params,
            secret={where: {key: form.format(self.token)}} if self.token else {},
            silent=(quota.without, quota.seconds) if quota else None,
            **more,
        )

    def step(self, what: str, requests: int, bucket: str = "api") -> Step:
        """Make a step of a plan."""
        return Step(what, self.title, requests, bucket, self.quotas.get(bucket), self.tokens)

    def rows(self, asker: Asker, choice: Choice) -> Iterator[dict[str, Any]]:
        """Yield the rows of all that a choice asks for; what is missing is noted by the asker."""
        for part in self.fetch(asker, choice):
            yield from map(self.facts, part)


def is_owned(text: str) -> bool:
    """Whether a text is `owner/name` as all platforms write it; nothing else is ever put into an address."""
    return bool(_OWNED.fullmatch(text)) and ".." not in text and not text.endswith("/.")


def owned(text: str, *kinds: str) -> str | None:
    """Return the `owner/name` in an id or an address, where a word of `kinds` may stand before it; None for neither."""
    text = text.strip()
    if "://" in text:
        try:
            words = urlsplit(text).path.strip("/").split("/")
        except ValueError:
            return None
        text = "/".join(words[1:3] if words[0] in kinds else words[:2]).removesuffix(".git")
    return text if is_owned(text) else None
