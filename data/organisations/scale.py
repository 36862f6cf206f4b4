"""How many parameters a model has: what its platform says, else what a table does, and last the size in its name.

The table (data/curated/model_sizes.csv.gz) is by organisation and name, because a model has one size wherever it lies.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

NAME: Final = "the size in its name"
_TABLE: Final = Path(__file__).parents[1] / "curated" / "model_sizes.csv.gz"

_UNIT: Final = {"m": 10**6, "b": 10**9, "t": 10**12}
# A number that stands by itself, with its unit: not after a letter (A3B are active parameters, s34B samples, v3 a
# version), not before a number of experts (17B-16E: active ones too), and not what was seen in training (3T tokens). An
# underscore is a decimal point after 0 or 1 alone (stablelm-2-1_6b, but Llama-3_8B), and so is the b of bloom-7b1.
_SIZE: Final = re.compile(
    r"""(?<![a-z0-9])(?<!\d\.)
        (?:(?P<experts>\d{1,3})x)?
        (?P<whole>\d{1,4}(?:\.\d{1,2})?|(?<![^-])[01]_\d)
        (?P<unit>[mbt])(?P<part>\d)?
        (?![a-z0-9]|\.\d|-\d+e\b|[-_ ]?tok)""",
    re.VERBOSE | re.IGNORECASE,
)
# Four-bit weights lie packed, several in a stored number.
_PACKED: Final = re.compile(
    r"(?<![a-z])(?:gptq|awq|bnb|[48]-?bits?|int[348]|w[48]a\d+|nf4|nvfp4|fp4|mxfp4|q[2-8]_)", re.I
)
# Names whose number is of something else: tokens of an ablation, samples behind CLIP's ViT-L-14, or the model that a
# draft model is for.
_ELSE: Final = re.compile(r"ablation|eagle|medusa|speculator|draft|vit-\w-\d\d-", re.I)
# In the name of a model of speech a few m are minutes of recordings: data2vec-audio-base-10m beside -100h.
_SPEECH: Final = re.compile("audio|wav2vec|hubert", re.I)
_MINUTES: Final = 60


class Size(NamedTuple):
    """The parameters of a model, from where they are known, and the ISO day on which that was read ('' = its name)."""

    parameters: int
    source: str
    as_of: str = ""

    def described(self) -> str:
        """Say where the number is from, with its day if it has one."""
        return f"{self.source}, {self.as_of}" if self.as_of else self.source


@lru_cache(maxsize=16384)
def in_name(name: str) -> int | None:
    """Return the parameters that a model's name states, None where it states none or several. Pure.

    8x7B is counted as 56 billion, although the experts of such a model share a part of their weights. A size in
    billions counts before one in millions, and either before one in trillions, which mostly are tokens.
    """
    if _ELSE.search(name):
        return None
    found: dict[str, set[int]] = {}
    for match in _SIZE.finditer(name):
        unit = match["unit"].lower()
        number = match["whole"].replace("_", ".")
        if unit == "m" and float(number) < _MINUTES and _SPEECH.search(name):
            continue
        if match["part"]:
            if unit != "b" or "." in number:
                continue
            number += f".{match['part']}"
        found.setdefault(unit, set()).add(round(float(number) * int(match["experts"] or 1) * _UNIT[unit]))
    sizes = next((found[unit] for unit in "bmt" if unit in found), {0})
    return sizes.pop() or None if len(sizes) == 1 else None


def size(organisation: str, name: str, listed: int | None = None, read: str = "") -> Size | None:
    """Return the size of an organisation's model; `listed` is its platform's number, of the day `read`."""
    stated = in_name(name)
    by_name = Size(stated, NAME) if stated else None
    if packed(name):
        return by_name
    return Size(listed, "its platform", read) if listed else _table().get((organisation, name.lower()), by_name)


def packed(name: str) -> bool:
    """Whether a name says that several weights lie in one stored number, so that those numbers are not parameters."""
    return bool(_PACKED.search(name))


@cache
def _table() -> Mapping[tuple[str, str], Size]:
    with gzip.open(_TABLE, "rt", encoding="utf-8") as file:
        return {
            (row["organisation"], row["name"].lower()): Size(int(row["parameters"]), row["by"], row["as_of"])
            for row in csv.DictReader(file)
        }
