"""OpenI: what a repository's page counts, a call for each.

It lists nothing and gives neither downloads nor likes of models and data sets: those are imported. Contributors are
not asked for.
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

SOURCE: Final = "OpenI"


def base() -> str:
    """Return the address of the API: OPENI_ENDPOINT, else the public one."""
    return (os.environ.get("OPENI_ENDPOINT") or "https://openi.pcl.ac.cn").rstrip("/")


def request(step: str, subject: str, path: str, *params: tuple[str, str]) -> Request:
    """Make a call."""
    secret = token("openi")
    return Request(
        name=name("openi", step, subject),
        base=base(),
        path="/api/v1" + path,
        params=params,
        secret={"headers": {"Authorization": f"token {secret}"}} if secret else {},
    )


def fetch(asker: Asker, repositories: Iterable[str], contributors: bool = False) -> Iterator[forges.Raw]:
    """Yield what there is of each `owner/name`; what is missing is noted by the asker."""
    return forges.fetch(asker, repositories, request, contributors)


def facts(raw: forges.Raw) -> dict[str, Any]:
    """Turn what OpenI said into a row: every name of FACTS, None where unknown. Pure."""
    return forges.facts(raw, SOURCE)
