"""How freely a licence lets others use a model, however its card writes it.

A licence is an expression: an id of the Hub or of SPDX, with -only or -or-later, or a plain name, joined by AND, OR and
WITH. The package license-expression parses it over the names of licences.csv; what is in no table is 'custom'.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache, lru_cache
from typing import Any, Final, get_args

from license_expression import ExpressionError, LicenseSymbol, LicenseWithExceptionSymbol, Licensing

from data.curated import tables
from data.curated.tables import LicenceClass

# From the freest to the strictest. Who may choose takes the freest; parts under several licences bind by the strictest.
ORDER: Final[tuple[LicenceClass, ...]] = get_args(LicenceClass)
_LONGEST: Final = 200
_LIST: Final = re.compile(r"\s*[,;&]\s*|\s+[/+]\s+|(?<=[a-z\d])/(?=[a-z])")
_JOINED: Final = re.compile(r"[\s-]+(and|or)[\s-]+(?!(?:any |\(?at your option\)? )?(?:later|newer)\b)")
# A licence by the address of its text: what names it is the last part, of Creative Commons the last two.
_PAGE: Final = re.compile(
    r"(?:https?://)?(?:www\.)?(?:(?:opensource|spdx|apache|gnu)\.org/licen[cs]es?|choosealicense\.com/licenses)/"
    r"(?:licen[cs]e-(?=\d))?([\w.+-]+?)(?:\.(?:html|txt|php|en))*/?(?:#.*)?"
)
_CC_PAGE: Final = re.compile(
    r"(?:https?://)?(?:www\.)?creativecommons\.org/(?:licenses|publicdomain)/([a-z-]+)/([\d.]+).*"
)
_PORTED: Final = re.compile(
    r"(cc[- ]by[\w -]*\d\.\d)[- ](?:(?!nc|nd|sa)[a-z]{2}|igo)"
)  # to the law of a country: the same terms
_RESTRICTED: Final = re.compile(
    r"non.?commercial|\bnc\b|\bresearch\b|\bacademic|\bnon.?production|\beducational? use", re.IGNORECASE
)
_RAIL: Final = re.compile(r"\b(?:open|responsible ai )?-?rail(?:\+\+)?(?:[- ][amsd]{1,4})?\b")
# Words that two spellings of one licence may differ by.
_FILLER: Final = re.compile(
    r"\b(?:the|gnu|licen[cs]e[ds]?|under|agreement|versions?|unported|international|generic|universal|family|simplified"
    r"|new|or|revised|any|later|newer|only|terms|of|use|(?:\d{1,2} )?(?:january|june|november) \d{4})\b"
)
_VERSION: Final = re.compile(r"\b(?:v|version)\.? ?(?=\d)")
_CLAUSES: Final = re.compile(r"\b([2-4]) ?clause bsd\b")
_LONG_NAMES: Final = (
    ("creative commons zero", "cc0"),
    ("creative commons", "cc"),
    ("attribution", "by"),
    ("non commercial", "nc"),
    ("noncommercial", "nc"),
    ("share alike", "sa"),
    ("sharealike", "sa"),
    ("no derivatives", "nd"),
    ("noderivatives", "nd"),
    ("noderivs", "nd"),
    ("affero general public", "agpl"),
    ("lesser general public", "lgpl"),
    ("general public", "gpl"),
    ("mozilla public", "mpl"),
    ("eclipse public", "epl"),
    ("apache software", "apache"),
    ("berkeley software distribution", "bsd"),
    ("freebsd", "bsd"),
    ("modified bsd", "bsd"),
    ("asl 2", "apache 2"),
    ("asl2", "apache 2"),
    ("asf 2", "apache 2"),
    ("zlib/libpng", "zlib"),
    ("expat", "mit"),
    ("mit/x11", "mit"),
    ("two clause", "2 clause"),
    ("three clause", "3 clause"),
    ("four clause", "4 clause"),
)


def licence_class(license_id: str, license_name: str | None = None) -> LicenceClass:
    """The class of a licence as a card states it; what is in no table is 'custom'.

    `license_id` is the value of the `license:` tag. Under 'other' the card's `license_name` decides. A card without any
    licence is the caller's matter: that is 'none stated', not a class. Never raises.
    """
    text = license_name if license_id.strip().lower() in ("other", "") and license_name else license_id
    return _class_of(text.strip().lower()[:_LONGEST])


def freer(one: LicenceClass | None, other: LicenceClass | None) -> bool:
    """Whether one class lets others do more than another; never of terms that nobody has classed."""
    if one is None or other is None or {one, other} & {"custom", "unknown"}:
        return False
    return ORDER.index(one) < ORDER.index(other)


@lru_cache(maxsize=4096)
def _class_of(text: str) -> LicenceClass:
    text = _named(text)
    if known := _known(text):
        return known
    long, _, short = text.rstrip(" )").rpartition("(")  # The MIT License (MIT)
    if text.endswith(")") and (one := _known(long.strip())) and (other := _known(short.strip())):
        return max(one, other, key=ORDER.index)
    try:
        parsed = _licensing().parse(_LIST.sub(" and ", text))
    except (ExpressionError, ValueError, AttributeError, TypeError):
        parsed = None
    if parsed is not None and not isinstance(parsed, LicenseSymbol):
        return _of_expression(parsed)
    return _joined(text) or _by_words(text)


def _named(text: str) -> str:
    """The name of a licence that is given by the address of its text, or in the version for one country."""
    if page := _CC_PAGE.fullmatch(text):
        return "cc0-1.0" if page[1] == "zero" else f"cc-{page[1]}-{page[2]}"
    if page := _PAGE.fullmatch(text):
        return f"apache-{page[1]}" if "apache.org" in text else page[1]
    ported = _PORTED.fullmatch(text)
    return ported[1] if ported else text


def _joined(text: str) -> LicenceClass | None:
    """The class of plain names with `and` or `or` between, which no grammar of ids reads; None if one is unknown."""
    parts = _JOINED.split(_LIST.sub(" and ", text))
    classes = [kind for part in parts[::2] if (kind := _known(part.strip()))]
    words = set(parts[1::2])
    if len(classes) < len(parts[::2]) or len(words) != 1:
        return None
    return (min if words == {"or"} else max)(classes, key=ORDER.index)


def _of_expression(parsed: Any) -> LicenceClass:
    if isinstance(parsed, LicenseWithExceptionSymbol):
        # An exception of SPDX only ever permits more; any other "with" may take back what the licence gives.
        kind = _of_expression(parsed.license_symbol)
        return kind if "exception" in parsed.exception_symbol.key.lower() else max(kind, "custom", key=ORDER.index)
    if isinstance(parsed, LicenseSymbol):
        return _known(parsed.key.lower()) or _by_words(parsed.key.lower())
    classes = [_of_expression(part) for part in parsed.args]
    return (min if "OR" in parsed.operator.upper() else max)(classes, key=ORDER.index)


def _known(text: str) -> LicenceClass | None:
    """The class of a licence by its id, its name, or by either without its version where all versions agree."""
    key = re.sub(r"[\s_]+", "-", text)
    squeezed = _squeezed(text)
    exact = tables.licences().get(key) or _by_spelling().get(squeezed)
    return exact or _by_family().get(squeezed.rstrip("0123456789"))


def _by_words(text: str) -> LicenceClass:
    """What a licence that no table has calls itself."""
    text = text.replace("_", "-")
    return "non_commercial" if _RESTRICTED.search(text) else "use_restricted" if _RAIL.search(text) else "custom"


def _squeezed(text: str) -> str:
    """A spelling without what does not tell licences apart: 'Apache License, Version 2.0' and 'apache2.0' are one."""
    text = _VERSION.sub("", re.sub(r"[\s_,()\"“”'-]+", " ", text.lower()))
    for long, short in _LONG_NAMES:
        text = text.replace(long, short)
    text = _CLAUSES.sub(r"bsd \1 clause", text).replace(" clause", "clause")
    text = re.sub(r"(?<=\d)\+", "", _FILLER.sub("", text))
    text = re.sub(r"\bpublic\b", "", text) if "gpl" in text or "mpl" in text or "epl" in text else text
    text = re.sub(r"(?<=\d)(?:\.0)+(?!\d)", "", text)
    return re.sub(r"(?<=[a-z])v(?=\d)|[^\w+]", "", text)


@cache
def _by_spelling() -> dict[str, LicenceClass]:
    """The squeezed spelling of every id and name -> the class; of two the stricter one."""
    found: dict[str, LicenceClass] = {}
    for license_id, (name, spdx, kind) in tables.licence_names().items():
        for spelling in filter(None, map(_squeezed, (license_id, name, spdx))):
            found[spelling] = max(kind, found.get(spelling, kind), key=ORDER.index)
    return found


@cache
def _by_family() -> dict[str, LicenceClass]:
    """A spelling without its version -> the class, where every version that is known has the same."""
    classes: dict[str, set[LicenceClass]] = defaultdict(set)
    for spelling, kind in _by_spelling().items():
        classes[spelling.rstrip("0123456789")].add(kind)
    return {stem: min(kinds) for stem, kinds in classes.items() if len(kinds) == 1 and len(stem) > 2}


@cache
def _licensing() -> Licensing:
    symbols, used = [], {"and", "or", "with"}
    for license_id, (name, spdx, _) in tables.licence_names().items():
        spellings = {license_id, name.lower(), spdx.lower(), *_later(spdx.lower())} - used - {""}
        if license_id in spellings and not any(mark in text for text in spellings for mark in "()"):
            symbols.append(LicenseSymbol(license_id, aliases=tuple(sorted(spellings - {license_id}))))
            used |= spellings
    return Licensing(symbols)


def _later(spdx: str) -> tuple[str, ...]:
    stem = spdx.removesuffix("-only").removesuffix("-or-later")
    return (stem, f"{stem}-only", f"{stem}-or-later", f"{stem}+") if "gpl" in stem or "gfdl" in stem else ()
