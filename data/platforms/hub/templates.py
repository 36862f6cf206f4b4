"""Whether a chat template reaches for Python's internals, so that rendering it may run code.

A template is Jinja; who renders it outside a sandbox runs whatever it calls. Its text is searched, never rendered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from data.shapes import as_dict

MAX_TEMPLATE: Final = 200_000  # a longer one is not read, so nobody can tell
MAX_DEPTH: Final = 6
# What a template needs to leave Jinja for Python; no honest chat template has a use for it.
_INTERNALS: Final = re.compile(
    r"__(?:class|bases?|mro|subclasses|globals|init|builtins|import|getattr\w{0,6}|dict|code|closure|self|reduce\w{0,3}|call"
    r"|new|loader|spec|module|func|wrapped)__|\b(?:func_globals|gi_frame|f_globals|f_builtins)\b"
    r"|\b(?:cycler|joiner|lipsum)\s{0,9}\.|\bos\s{0,9}\.\s{0,9}(?:popen|system)\b|_TemplateReference\b|\bself\s{0,9}\.\s{0,9}_"
)
# The same names put together on the way, so that no search for them finds one.
_HIDDEN: Final = re.compile(
    r"\\(?:x5f|u005f|u\{0{0,4}5f|137|n\{low)"  # an underscore by its number
    r"|\battr\s{0,9}\(|\bmap\s{0,9}\(\s{0,9}['\"]attr['\"]"  # any attribute, whatever its name is made of
    r"|['\"]_['\"]\s{0,9}\*|['\"]__['\"]\s{0,9}[~+*]|['\"]__[a-z]{0,20}[a-z]['\"]\s{0,9}[~+]"  # half a name
    r"|(?:(?<=[\w)\]])|(?<='')|(?<=\"\"))\[(?:"  # a key that is made of texts
    r"\s{0,9}['\"](?:__|[^'\"\]\n]{0,80}['\"]\s{0,9}[~+|%*.\[])|[\w\s.+]{0,80}?(?:~|\+\s{0,9}['\"]))",
    re.IGNORECASE,
)


def reaches_internals(record: Mapping[str, Any]) -> bool:
    """Whether a chat template of the record reaches for Python's internals, or hides what it reaches for."""
    if record.get("template_reaches_internals") is True:
        return True
    templates = (template for key in ("gguf", "config") for template in _templates(as_dict(record.get(key))))
    return any(len(text) > MAX_TEMPLATE or _INTERNALS.search(text) or _HIDDEN.search(text) for text in templates)


def _templates(held: Mapping[str, Any], depth: int = MAX_DEPTH) -> Iterator[str]:
    """The chat templates of a configuration and of those within it."""
    for key, value in held.items() if depth else ():
        if key in ("chat_template", "chat_template_jinja"):
            yield from _texts(value)
        elif isinstance(value, Mapping):
            yield from _templates(value, depth - 1)


def _texts(template: object, depth: int = MAX_DEPTH) -> Iterator[str]:
    """The texts of a template: one, or a list or object of named ones."""
    if isinstance(template, str):
        yield template
    elif isinstance(template, list | tuple | Mapping) and depth:
        for one in template.values() if isinstance(template, Mapping) else template:
            yield from _texts(one, depth - 1)
