"""GitCode: what a repository's page counts, a call for each, and one for each hundred contributors.

It answers most calls only with a token and says nothing of quota: fifty calls a minute are paced here.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any, Final

from data.collect.asker import Asker, name
from data.http.message import Request
from data.http.secrets import token
from data.platforms import forges
from data.platforms.forges import FACTS as FACTS

SOURCE: Final = "GitCode"


def base() -> str:
    """Return the address of the API: GITCODE_API_URL, else the public one."""
    return (os.environ.get("GITCODE_API_URL") or "https://api.gitcode.com/api/v5").rstrip("/")


def request(step: str, subject: str, path: str, *params: tuple[str, str]) -> Request:
    """Make a call."""
    secret = token("gitcode")
    return Request(
        name=name("gitcode", step, subject),
        base=base(),
        path=path,
        params=params,
        silent=(50, 60.0),
        secret={"headers": {"PRIVATE-TOKEN": secret}} if secret else {},
    )


def fetch(asker: Asker, repositories: Iterable[str], contributors: bool = True) -> Iterator[forges.Raw]:
    """Yield what there is of each `owner/name`; what is missing is noted by the asker."""
    return forges.fetch(asker, repositories, request, contributors)


def facts(raw: forges.Raw) -> dict[str, Any]:
    """Turn what GitCode said into a row: every name of FACTS, None where unknown. Pure."""
    return forges.facts(raw, SOURCE)
