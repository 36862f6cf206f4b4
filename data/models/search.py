"""Search among the names of all models while somebody types: of millions it takes a tenth of a second."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

BLOCK = 20_000  # names that are looked through together: their text fits a processor's cache
END = "\0"  # after every name
LIKE = 60  # of 100; names that are less like another are not near it
LOOKED_AT, MOST_PARTS = 200, 4  # names for each part of one that was asked for in vain
LONGEST = 200  # letters
EXACT, BEGINS, WITHIN = range(3)  # how near a word is to the owner or the own name of a model


class Names:
    """The ids of all models, to be searched: one text in lower case, in which those with most likes come first."""

    def __init__(self, ids: pa.Array | pa.ChunkedArray, likes: pa.Array | pa.ChunkedArray) -> None:
        """Take the ids in their order, and the likes of each (null: unknown, which comes last)."""
        ids = ids if isinstance(ids, pa.Array) else ids.combine_chunks()
        order = pc.sort_indices(pa.table({"likes": likes}), sort_keys=[("likes", "descending")])
        self._ids, self._order = ids, order.cast(pa.int32())
        texts, lengths = [], [np.zeros(1, np.int32)]
        for first in range(0, len(ids), 10 * BLOCK):  # at once it would take five times the memory
            some = pc.utf8_lower(ids.take(self._order[first : first + 10 * BLOCK]))
            names = pc.binary_join_element_wise(some.cast(pa.string()), "", END)
            _, starts, text = names.buffers()
            texts.append(np.frombuffer(text, np.uint8))
            lengths.append(np.diff(np.frombuffer(starts, np.int32)[: len(names) + 1]))
        self._starts = np.cumsum(np.concatenate(lengths), dtype=np.int32)
        self._text = np.concatenate([np.zeros(0, np.uint8), *texts])
        pa.default_memory_pool().release_unused()

    def search(self, text: str, most: int) -> list[str]:
        """Return at most so many ids that contain every word, whatever its case.

        First come those whose owner or own name is the first word, then those in which one begins with it, then the
        others; of these those first that most people like, equals by id.
        """
        words = [word.encode() for word in text.lower().replace(END, " ").split()]
        found: list[list[int]] = [[], [], []]
        wanted = WITHIN  # nothing less near is looked for once there is enough that is as near
        for first in range(0, len(self._order) if words else 0, BLOCK):
            for row, nearness in zip(*self._in_block(first, words, wanted), strict=True):
                found[nearness].append(row)
            while wanted >= EXACT and len(found[wanted]) >= most:
                wanted -= 1
            if wanted < EXACT:
                break
        rows = [row for near in found for row in near[:most]][:most] if words else range(min(most, len(self._order)))
        ids: list[str] = self._ids.take(self._order.take(pa.array(rows, pa.int32()))).to_pylist()
        return ids

    def holding(self, text: str) -> NDArray[np.bool_]:
        """Return which ids (n, in their order) contain every word, whatever its case."""
        words = [word.encode() for word in text.lower().split()]
        order, kept = self._order.to_numpy(), np.zeros(len(self._order), dtype=np.bool_)
        for first in range(0, len(order), BLOCK):
            kept[order[first : first + BLOCK]] = self._with(first, words)
        return kept

    def _with(self, first: int, words: list[bytes]) -> NDArray[np.bool_]:
        """Return which rows of a block have all of some words."""
        starts = self._starts[first : first + BLOCK + 1]
        here = np.ones(len(starts) - 1, dtype=np.bool_)
        for word in words:
            if here.any():
                found = np.zeros(len(here), dtype=np.bool_)
                found[_rows(starts, _places(self._text[starts[0] : starts[-1]], word))] = True
                here &= found
        return here

    def _in_block(self, first: int, words: list[bytes], wanted: int) -> tuple[list[int], list[int]]:
        """Return the rows of a block that have every word, in order, and how near the first word is in each."""
        starts = self._starts[first : first + BLOCK + 1]
        text = self._text[starts[0] : starts[-1]]
        here = self._with(first, sorted(words[1:], key=len, reverse=True) if wanted == WITHIN else [])
        if not here.any():
            return [], []
        places = _places(text, words[0])
        begins, ends = _edge(text[places - 1]), _edge(text[places + len(words[0])])
        near = WITHIN - begins.astype(np.int8) - (begins & ends)
        nearest = np.full(len(here), WITHIN + 1, dtype=np.int8)
        np.minimum.at(nearest, _rows(starts, places[near <= wanted]), near[near <= wanted])
        rows = np.flatnonzero(here & (nearest <= wanted))
        if wanted < WITHIN:  # then there are few
            names = (text[starts[row] - starts[0] : starts[row + 1] - starts[0]].tobytes() for row in rows)
            rows = rows[[all(word in name for word in words[1:]) for name in names]]
        return (first + rows).tolist(), nearest[rows].tolist()


def _places(text: Any, word: bytes) -> Any:
    """Return where a word begins in a text (both bytes)."""
    last = len(text) - len(word) + 1
    if last <= 0:
        return np.zeros(0, dtype=np.intp)
    holds = text[:last] == word[0]
    for n in range(1, min(len(word), 3)):
        holds &= text[n : n + last] == word[n]
    places = np.flatnonzero(holds)
    for n in range(3, len(word)):
        places = places[text[places + n] == word[n]]
    return places


def _edge(text: Any) -> Any:
    """Whether a byte lies between names: the end of one, or the slash after an owner."""
    return (text == ord(END)) | (text == ord("/"))


def _rows(starts: Any, places: Any) -> Any:
    return np.searchsorted(starts - starts[0], places, side="right") - 1


def nearest(asked: str, search: Callable[[str, int], list[str]], most: int) -> list[str]:
    """Return at most so many ids that look most like what was asked for, best first.

    Looked at are those that share a part with it, of each part those that most people like: a look at all of millions
    takes seconds.
    """
    from rapidfuzz import process  # here, because few names are misspelt

    owner, slash, name = asked.lower()[:LONGEST].rpartition("/")
    parts, middle = [part for part in re.split(r"[-_.\s]+", name) if part], len(name) // 2
    without = [" ".join(parts[:n] + parts[n + 1 :]) for n in range(len(parts))]
    wanted = dict.fromkeys((owner + slash, name, *without[:MOST_PARTS], name[:middle], name[middle:]))
    near = dict.fromkeys(model for text in wanted if len(text) > 2 for model in search(text, LOOKED_AT))
    close = process.extract(asked, list(near), scorer=_likeness, processor=str.lower, limit=most, score_cutoff=LIKE)
    return [str(model) for model, _, _ in close]


def _likeness(asked: str, model: str, **_: object) -> float:
    """0..100: how much an id, or its part after the owner, looks like what was asked for."""
    from rapidfuzz import fuzz

    own = model.rpartition("/")[2]
    return max(fuzz.ratio(asked, model), 0.95 * fuzz.ratio(asked, own), 0.9 * fuzz.ratio(asked, own[: len(asked)]))
