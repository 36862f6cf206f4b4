"""Text from outside, made harmless: no other text of a record reaches Markdown."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

# An invisible, unbreakable nothing. Escapes are gone when Streamlit looks for links, emoji and icons in the text that
# Markdown has left over, so `https://`, `www.`, `a@b` and `:icon:` have to be broken apart as well.
JOINER = "\u2060"
PROSE = 780  # pixels; a longer line is hard to read

_ESCAPED = str.maketrans({c: f"\\{c}" for c in string.punctuation if c not in ",'/"})
# Controls, and the marks that turn the direction of writing: with them a name can be shown as another.
_INVISIBLE = re.compile("[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_LIVE = re.compile(r"(:)(?=\S)|(@)|(www)(?=\.)", re.IGNORECASE)


def clean(text: str, longest: int = 0) -> str:
    """Return text on one line without invisible characters, cut at `longest`; for widgets that show text as it is."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    line = " ".join(_INVISIBLE.sub("", re.sub(r"\s", " ", whole)).split())
    return f"{line[: longest - 1]}…" if longest and len(line) > longest else line


def plain(text: str, longest: int = 0) -> str:
    """Return text so that Markdown and Streamlit's directives show it letter by letter."""
    live = _LIVE.sub(lambda found: f"{found.group()}{JOINER}", clean(text, longest))
    return live.translate(_ESCAPED)


def listed(parts: Sequence[str], last: str = "and") -> str:
    """Join parts as a sentence does: a, b and c."""
    return f" {last} ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def bullets(lines: Mapping[str, str] | Iterable[str], mark: str = "-") -> None:
    """Draw plain texts as a list, each under its name where there is one."""
    if isinstance(lines, Mapping):
        items = [f"**{plain(name)}**: {plain(text)}" for name, text in lines.items()]
    else:
        items = [plain(text) for text in lines]
    st.markdown("\n".join(f"{mark} {item}" for item in items), width=PROSE)
