"""Whether a chat template reaches for Python's internals, so that rendering it may run code.

A template is Jinja; who renders it outside a sandbox runs whatever it calls. Its text is searched, never rendered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from data.shapes import as_dict

MAX_TEMPLATE: Final = 200_000
# What a template needs to leave Jinja for Python; no honest chat template has a use for it.
_INTERNALS: Final = re.compile(
    r"__(?:class|bases?|mro|subclasses|globals|init|builtins|import|getattr\w{0,6}|dict|code|closure|self|reduce\w{0,3}|call"
    r"|new|loader|spec|module|func|wrapped)__|\\x5f|\b(?:func_globals|gi_frame|f_globals|f_builtins)\b"
    r"|\battr\s{0,9}\(\s{0,9}['\"]_"
    r"|\b(?:cycler|joiner|lipsum)\s{0,9}\.|\bos\s{0,9}\.\s{0,9}(?:popen|system)\b"
)


def reaches_internals(record: Mapping[str, Any]) -> bool:
    """Whether a chat template of the record reaches for Python's internals, so that rendering it may run code."""
    if record.get("template_reaches_internals") is True:
        return True
    held = [record.get("gguf"), record.get("config"), *as_dict(record.get("config")).values()]
    templates = (as_dict(one).get(key) for one in held for key in ("chat_template", "chat_template_jinja"))
    return any(_INTERNALS.search(text[:MAX_TEMPLATE]) for template in templates for text in _texts(template))


def _texts(template: object) -> Iterator[str]:
    """The texts of a template: one, or a list or object of named ones."""
    if isinstance(template, str):
        yield template
    elif isinstance(template, list | tuple):
        named = (one if isinstance(one, str) else as_dict(one).get("template") for one in template)
        yield from (text for text in named if isinstance(text, str))
    elif isinstance(template, Mapping):
        yield from (text for text in template.values() if isinstance(text, str))
