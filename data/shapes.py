"""JSON values that anybody may have written: tolerant readers of one, and a check of many. None of them raises."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

MOST = 10**12  # no count on any platform comes near; beyond it a number is a mistake, not a fact
MOST_BYTES = 10**18  # as a size
LONGEST = 300
_WHOLE = re.compile(r"[0-9]{1,20}|[0-9]{1,3}(?:,[0-9]{3})+")


def as_dict(value: object) -> Mapping[str, Any]:
    """Return a mapping as it is, anything else as an empty one."""
    if value is None or type(value) is dict:  # nearly all are, and the other check is slow
        return value or {}
    return value if isinstance(value, Mapping) else {}


def as_text(value: object) -> str | None:
    """Return a cleaned, bounded string (no control characters, no lone surrogates), or None when nothing is left."""
    if not isinstance(value, str):
        return None
    text = value if len(value) <= LONGEST else value[:LONGEST]
    if not text.isprintable():  # as hardly any is
        text = "".join(c for c in text.encode("utf-8", "ignore").decode("utf-8") if c.isprintable())
    return text.strip() or None


def as_strings(value: object) -> list[str]:
    """Return the strings of a list, or a single string as a list of one."""
    if value is None:
        return []
    items: Any = value if isinstance(value, (list, tuple, set, frozenset)) else [value]
    if {*map(type, items)} == {str} and "".join(items).isprintable() and max(map(len, items)) <= LONGEST:
        return [*filter(None, map(str.strip, items))]  # as nearly all are
    return [text for item in items if (text := as_text(item))]


def as_count(value: object, most: int = MOST) -> int | None:
    """Return a whole number of 0 to `most`; None for what cannot be a count (bool, NaN, negative, 10**30).

    In a text, commas may stand between thousands and nowhere else.
    """
    if isinstance(value, str) and len(value) < 30:
        value = int(value.replace(",", "")) if _WHOLE.fullmatch(value.strip()) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float) and not (math.isfinite(value) and value.is_integer()):
        return None
    return int(value) if 0 <= value <= most else None


def as_date(value: object) -> date | None:
    """Return the day of an ISO date or time, or of seconds or milliseconds since 1970; None when it is neither.

    A number, also one written as text, is a time only from 1973 on: below that it is a count that got lost.
    """
    if isinstance(value, str) and value.strip().isdecimal() and 8 < len(value.strip()) < 20:
        value = int(value)
    try:
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        if isinstance(value, str):
            text = value.strip()
            return datetime.fromisoformat(text).date() if len(text) > 10 else date.fromisoformat(text)
        if isinstance(value, int | float) and not isinstance(value, bool) and 1e8 <= value < 1e14:
            seconds = value / 1000 if value > 1e11 else value
            return datetime.fromtimestamp(seconds, UTC).date()
    except (ValueError, OverflowError, OSError):
        return None
    return None


def misfit(value: object, shape: Any) -> str | None:
    """Return the place of the first value that lacks its shape, as in "sources.0.name"; None when all have theirs.

    A shape is a type (`object`: whatever it is); a pattern of a text; a set of shapes, one of which it has; [shape] of
    a list; a tuple of shapes of a list of that length; {"*": shape} under any keys; or {key: shape} under these at
    least: "key?" may be missing.
    """
    parts: Iterable[tuple[object, object, Any]]
    match shape, value:
        case type(), _ if shape in (object, type(value)):
            return None
        case re.Pattern(), str() if shape.fullmatch(value):
            return None
        case set(), _ if any(misfit(value, one) is None for one in shape):
            return None
        case [inner], list() if isinstance(shape, list):
            parts = ((n, item, inner) for n, item in enumerate(value))
        case tuple(), list() if len(shape) == len(value):
            parts = zip(range(len(value)), value, shape, strict=True)
        case {"*": inner}, dict():
            parts = ((key, item, inner) for key, item in value.items())
        case dict(), dict():
            asked = ((key.rstrip("?"), key, inner) for key, inner in shape.items())
            parts = ((name, value.get(name), inner) for name, key, inner in asked if name == key or name in value)
        case _:
            return ""
    places = ((name, misfit(item, inner)) for name, item, inner in parts)
    return next((f"{name}.{place}".rstrip(".") for name, place in places if place is not None), None)
