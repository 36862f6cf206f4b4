"""The Link header, read tolerantly: relations in any order and case, several in one, commas and semicolons inside."""

from __future__ import annotations

import re

_LINK = re.compile(r"""<([^<>]*)>((?:\s*;\s*[\w*-]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s,;"']*))?)*)""")
_RELATION = re.compile(r""";\s*rel\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s,;"']*))""", re.IGNORECASE)
_TITLE = re.compile(r"""\btitle\*?\s*=\s*(?:"[^"]*"|'[^']*')""", re.IGNORECASE)
_MORE = re.compile(r"""\brel\s*=\s*["']?[^"',;]*\bnext\b(?![-\w])""", re.IGNORECASE)


def read(header: str) -> dict[str, str]:
    """Return relation -> address, the first of each."""
    found: dict[str, str] = {}
    for address, parameters in _LINK.findall(header):
        for spellings in _RELATION.findall(_TITLE.sub("", parameters)):
            for relation in "".join(spellings).lower().split():
                found.setdefault(relation, address.strip())
    return found


def goes_on(header: str) -> bool:
    """Whether a header says that there is a next page, even if its address cannot be read."""
    return bool(_MORE.search(_TITLE.sub("", header)))
