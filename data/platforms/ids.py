"""What names something on a platform: an id such as owner/name, or an address in which one stands."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_OWNED = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}/[A-Za-z0-9_.-]{1,100}")


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
