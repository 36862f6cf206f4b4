"""Hugging Face: where it is, and what may be an id of a model. Checked before anything is asked."""

from __future__ import annotations

import os
import re
from typing import Final
from urllib.parse import urlsplit

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


def base() -> str:
    """Return the Hub's address: HF_ENDPOINT, else the public one."""
    return (os.environ.get("HF_ENDPOINT") or SITE).rstrip("/")


def model_id(text: str) -> str | None:
    """Return the id in an id or in a link to the Hub; None for what is neither. Nothing is asked for that."""
    text = text.strip()
    if "://" in text or text.lower().startswith(("huggingface.co/", "hf.co/", "www.huggingface.co/")):
        try:
            parts = urlsplit(text if "://" in text else f"https://{text}")
            here = urlsplit(base())
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
