"""Hugging Face: how its API is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from data.collect.asker import name
from data.http.message import Kind, Request
from data.http.secrets import token
from data.platforms.hub.ids import base
from data.shapes import as_dict


def request(
    step: str,
    subject: str,
    path: str,
    *params: tuple[str, str],
    text: bool = False,
    optional: bool = False,
    holds: Callable[[Mapping[str, Any]], bool] | None = None,
) -> Request:
    """Make a call to the Hub. README files come out of another allowance than the API.

    `holds` says whether the JSON object of a reply is what was asked for; one that is not is damaged.
    """

    def wrong(data: Any) -> tuple[Kind, str] | None:
        good = holds is None or holds(as_dict(data))
        return None if good else ("damaged", f"What the Hub sent for {subject} is not what was asked for.")

    secret = token("huggingface")
    return Request(
        name=name(step, subject) if step else subject,
        base=base(),
        path=path,
        params=params,
        secret={"headers": {"Authorization": f"Bearer {secret}"}} if secret else {},
        bucket="resolvers" if text else "api",
        text=text,
        optional=optional,
        wrong=wrong if holds else None,
    )
