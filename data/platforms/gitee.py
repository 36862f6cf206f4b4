"""Gitee: what a repository's page counts, a call for each, and one for each hundred contributors.

It says how many calls it allows and not until when: sixty a minute are paced here. Its counters may be texts. A token
goes into the address, as its documentation has it, and is kept apart from the address that is kept.
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

SOURCE: Final = "Gitee"


def base() -> str:
    """Return the address of the API: GITEE_API_URL, else the public one."""
    return (os.environ.get("GITEE_API_URL") or "https://gitee.com/api/v5").rstrip("/")


def request(step: str, subject: str, path: str, *params: tuple[str, str]) -> Request:
    """Make a call."""
    secret = token("gitee")
    return Request(
        name=name("gitee", step, subject),
        base=base(),
        path=path,
        params=params,
        silent=(60, 60.0),
        secret={"params": {"access_token": secret}} if secret else {},
    )


def fetch(asker: Asker, repositories: Iterable[str], contributors: bool = True) -> Iterator[forges.Raw]:
    """Yield what there is of each `owner/name`; what is missing is noted by the asker."""
    return forges.fetch(asker, repositories, request, contributors)


def facts(raw: forges.Raw) -> dict[str, Any]:
    """Turn what Gitee said into a row: every name of FACTS, None where unknown. Pure."""
    return forges.facts(raw, SOURCE)
