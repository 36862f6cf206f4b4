"""Which data sets are made for an industry: those whose tags or name hold a word of the curated table.

Pure, apart from the table data/curated/industry_words.csv. The words are the evidence, and stand beside every row that
they found. docs/industry.md has a check by hand of what they find.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

_TABLE: Final = Path(__file__).parents[1] / "curated" / "industry_words.csv"
_PARTS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")  # of CamelCase: IndustryCorpus2 is industry, corpus, 2
_WORDS: Final = re.compile(r"[A-Za-z0-9]+")
_CHINESE: Final = re.compile("[\u4e00-\u9fff]")


class Word(NamedTuple):
    """A word of an industry: with `*` every word that begins so; not found beside one of `unless`."""

    industry: str
    word: str
    unless: frozenset[str]


@lru_cache(maxsize=8192)
def found(name: str, tags: Iterable[str] = ()) -> tuple[str, ...]:
    """Return what says that a data set is made for an industry, as 'medicine: clinic*'; empty where nothing does.

    A name is read as the words between its punctuation, as the parts of CamelCase, and letter by letter for Chinese.
    A tag counts whole, without what stands before its colon: 'task_categories:medical' is medical.
    """
    plain = {word.lower() for word in _WORDS.findall(name)} | {part.lower() for part in _PARTS.findall(name)}
    marks = {tag.lower().rpartition(":")[2] for tag in tags}
    hits: dict[str, str] = {}
    for one in _in_words(plain | marks, name):
        if not one.unless & plain:
            hits.setdefault(one.industry, one.word)
    return tuple(f"{industry}: {word}" for industry, word in sorted(hits.items()))


def _in_words(words: Iterable[str], name: str) -> Iterator[Word]:
    exact, begins = _table()
    for word in sorted(words):
        if word in exact:
            yield exact[word]
        for length in range(3, len(word) + 1):
            if word[:length] in begins:
                yield begins[word[:length]]
    if _CHINESE.search(name):
        yield from (one for word, one in exact.items() if _CHINESE.match(word) and word in name)


@cache
def _table() -> tuple[Mapping[str, Word], Mapping[str, Word]]:
    """Return the words that count whole, and the beginnings of those with a star."""
    exact: dict[str, Word] = {}
    begins: dict[str, Word] = {}
    with _TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            word = Word(row["industry"], row["word"], frozenset(row["unless"].split()))
            (begins if word.word.endswith("*") else exact)[word.word.rstrip("*")] = word
    return exact, begins
