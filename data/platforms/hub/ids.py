"""Hugging Face: where it is, what may be asked of it and how, and what may be an id of a model."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from data.collect.asker import name
from data.collect.plan import Quota
from data.http.message import Failure, Request
from data.platforms.platform import Options, Platform
from data.shapes import as_dict

Step = Literal["readme", "scan", "discussions", "owners", "spaces", "history", "papers"]
# In the order of their worth: what a factor of the scorecard needs comes first.
STEPS: Final[tuple[Step, ...]] = ("readme", "scan", "discussions", "owners", "spaces", "papers", "history")
NEEDED: Final[tuple[Step, ...]] = STEPS[:6]

SITE: Final = "https://huggingface.co"
SOURCE: Final = "Hugging Face Hub"
SPACES_LISTED: Final = 100  # the Hub lists at most this many Spaces of a model
ID: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,95}(?:/[A-Za-z0-9_][A-Za-z0-9._-]{0,95})?")
_NOT_MODELS: Final = frozenset(
    "datasets spaces papers models docs blog collections learn posts settings organizations api kernels tasks inference"
    " pricing enterprise chat join login new search support brand changelog privacy terms-of-service".split()
)
# What follows the name of a model that has no owner.
_PARTS: Final = frozenset("tree blob resolve raw blame commits commit discussions settings edit".split())


def model_id(text: str) -> str | None:
    """Return the id in an id or in a link to the Hub; None for what is neither. Nothing is asked for that."""
    text = text.strip()
    if "://" in text or text.lower().startswith(("huggingface.co/", "hf.co/", "www.huggingface.co/")):
        try:
            parts = urlsplit(text if "://" in text else f"https://{text}")
            here = urlsplit(API.base)
        except ValueError:
            return None
        hosts = {"huggingface.co", "www.huggingface.co", "hf.co", here.hostname}
        if parts.scheme not in ("http", "https") or parts.hostname not in hosts:
            return None
        below = here.path if parts.hostname == here.hostname else ""
        words = [word for word in parts.path.removeprefix(below).split("/") if word]
        if not words or words[0].lower() in _NOT_MODELS:
            return None
        alone = words[1:2] and words[1] in _PARTS and not (words[2:3] and words[2] in _PARTS)  # gpt2/tree/main
        text = words[0] if alone else "/".join(words[:2])
    sound = ID.fullmatch(text) and ".." not in text and "--" not in text and not text.lower().endswith(".git")
    return text if sound else None


def request(
    step: str,
    subject: str,
    path: str,
    *params: tuple[str, str],
    text: bool = False,
    optional: bool = False,
    holds: Callable[[Mapping[str, Any]], bool] | None = None,
) -> Request:
    """Make a request to the Hub. README files have another rate limit than the API.

    `holds` says whether the JSON object of a reply is what was asked for; one that is not is damaged.
    """

    def wrong(data: Any) -> tuple[Failure, str] | None:
        good = holds is None or holds(as_dict(data))
        return None if good else ("damaged", f"What the Hub sent for {subject} is not what was asked for.")

    made = API.request(step, subject, path, *params, bucket="resolvers" if text else "api", text=text)
    # The names under which its replies are kept do not begin with the platform.
    return replace(made, name=name(step, subject) if step else subject, optional=optional, wrong=holds and wrong)


# The Hub as it is asked; ask.py adds to it what it lists.
API: Final[Platform] = Platform(
    id="huggingface",
    title="Hugging Face",
    spellings=("HuggingFace",),
    hosts=("huggingface.co", "hf.co"),
    lists=("model", "dataset"),
    url=SITE,
    variable="HF_ENDPOINT",
    tokens=("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"),
    quotas={"api": Quota(500, 1000, 300), "resolvers": Quota(3000, 5000, 300)},
    options=Options(
        takes=("ids", "author", "search", "filters", "top", "with"),
        read=model_id,
        example="org/name",
        usual=NEEDED,
        every=(*STEPS, "citations"),
    ),
)
