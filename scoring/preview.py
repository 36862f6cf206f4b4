"""The preview of a ranking: what a browser needs to weigh by itself while a slider moves, and the arithmetic it does.

A released slider is scored by the engine; what is drawn until then comes from here. components/weights/core.js does
the same arithmetic as `Preview.totals` on what `Preview.pack` wrote: this is its reference.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.byrow import ScaledByRow, blocks
from scoring.interval import DECIMALS
from scoring.methods import neutral, relative
from scoring.types import Blend, Bools, Floats, Scaled, Scorecard, UnknownPolicy

MOST_BY_FACTOR = 100_000  # subjects; of more, only the scores of categories travel, so that the data stay small
# A value of 0..1 travels as a whole number of decimal steps, so that what is a short fraction stays exactly that.
STEPS = {np.dtype(np.uint32): 4_000_000_000, np.dtype(np.uint16): 50_000}
NOT_ASKED = 2  # steps beyond 1: the question does not apply; one more: nobody knows


@dataclass(frozen=True, kw_only=True, eq=False)
class Preview:
    """What is asked of n subjects (columns x n), in the order of their ids, so that the place decides ties.

    `columns` names the factors that may weigh, each a row of `values`; without factors each category is its own only
    factor, under weights that were fixed. `values` are steps (STEPS), `caps` has bit j set where a subject meets cap j
    of the card, and `rows` are the places of the subjects in the table that they come from.
    """

    card: Scorecard
    columns: tuple[str, ...]
    by_factor: bool
    values: NDArray[np.uint16] | NDArray[np.uint32]
    caps: NDArray[np.uint8]
    ids: Any
    rows: NDArray[np.intp]

    def totals(self, weights: Mapping[str, float], unknown: UnknownPolicy, capped: bool) -> tuple[Floats, Floats]:
        """Return total and uncapped total (n, 0..100, NaN where nothing is known), by place in `ids`."""
        summed, weight, known = (np.zeros(len(self.ids)) for _ in range(3))
        for c, share in zip(self.card.categories, relative(weights[c.id] for c in self.card.categories), strict=True):
            own = [f.id for f in c.factors] if self.by_factor else [c.id]
            value, counts, some = self._category(own, weights, unknown)
            summed += share * np.where(counts, value, 0.0)
            weight += share * counts
            known += share * some
        uncapped = self.card.out_of * np.divide(summed, weight, out=np.full(len(summed), np.nan), where=known > 0)
        limit = np.full(len(summed), np.inf)
        for j, cap in enumerate(self.card.caps if capped else ()):
            limit[self.caps >> j & 1 == 1] = np.minimum(limit, cap.limit)[self.caps >> j & 1 == 1]
        return np.minimum(uncapped, limit), uncapped

    def _category(
        self, ids: list[str], weights: Mapping[str, float], unknown: UnknownPolicy
    ) -> tuple[Floats, Bools, Bools]:
        """Return a category's score, where it counts and where anything of it is known (n each), as `blend` does."""
        whole = STEPS[self.values.dtype]
        points, w_known, w_applies = (np.zeros(len(self.ids)) for _ in range(3))
        for i in ids:
            if i in self.columns:
                w, steps = weights[i] if self.by_factor else 1.0, self.values[self.columns.index(i)]
                known, asked = steps <= whole, steps != whole + NOT_ASKED
                points += w * np.where(known, steps / whole, 0.0)
                w_known += w * known
                w_applies += w * asked
        filled = points + neutral("goalposts") * (w_applies - w_known) if unknown == "neutral" else points
        counts = (w_applies if unknown == "zero" else w_known) > 0
        return (
            np.divide(filled, w_known if unknown == "skip" else w_applies, out=np.zeros(len(points)), where=counts),
            counts,
            w_known > 0,
        )

    def top(self, totals: tuple[Floats, Floats], kept: Bools, rankable: Bools, n: int) -> NDArray[np.intp]:
        """Return the first n of the places kept: ranked before unranked, then total, uncapped total and id."""
        total, uncapped = (np.nan_to_num(each.round(DECIMALS), nan=-np.inf) for each in totals)
        unranked, places = ~rankable | np.isnan(totals[0]), np.flatnonzero(kept)
        return places[np.lexsort((places, -uncapped[places], -total[places], unranked[places]))][:n]

    def pack(self, presets: Mapping[str, tuple[str, Mapping[str, float]]]) -> bytes:
        """Write it for the browser: the length of a JSON header (uint32), the header, and the blocks that it places.

        Little-endian, every block at a multiple of four bytes. `presets` are weights to start from: label and all
        weights, by id.
        """
        blocks = {"values": self.values.tobytes(), "caps": self.caps.tobytes()}
        if self.by_factor:
            blocks["ids"] = "\n".join(map(str, self.ids)).encode()
        header = {
            "n": len(self.ids),
            "steps": STEPS[self.values.dtype],
            "bits": 8 * self.values.itemsize,
            "by_factor": self.by_factor,
            "out_of": self.card.out_of,
            "limits": [cap.limit for cap in self.card.caps],
            "columns": self.columns,
            "presets": {i: {"label": label, "weights": dict(weights)} for i, (label, weights) in presets.items()},
            "categories": [
                {"id": c.id, "label": c.label, "colour": c.colour}
                | {"factors": [{"id": f.id, "label": f.label, "question": f.question} for f in c.factors]}
                for c in self.card.categories
            ],
        }
        return _packed(header, blocks)


def preview(card: Scorecard, scaled: Scaled, counting: Collection[str], blended: Blend | None = None) -> Preview:
    """Take from measures on 0..1 what a browser needs: the factors that may weigh, or what `blended` made of them.

    `counting` are the ids of the factors that may weigh; with `blended` only the weights of categories can move, and
    measures that are read by row are passed through a block at a time.
    """
    columns, values, caps = _factors(card, scaled, counting) if blended is None else _categories(card, scaled, blended)
    by_row = isinstance(scaled, ScaledByRow)  # whose ids rise
    rows = np.arange(len(caps)) if by_row else np.argsort(scaled.ids.astype(str), kind="stable")
    return Preview(
        card=card,
        columns=columns,
        by_factor=blended is None,
        values=np.ascontiguousarray((values if by_row else values[rows]).T),
        caps=caps[rows],
        ids=scaled.ids if by_row else scaled.ids[rows],
        rows=rows,
    )


Columns = tuple[tuple[str, ...], NDArray[Any], NDArray[np.uint8]]  # ids, values (n x ids) and the bits of caps (n)


def _factors(card: Scorecard, scaled: Scaled, counting: Collection[str]) -> Columns:
    at = [j for j, f in enumerate(card.factors) if f.id in counting]
    values = _stepped(scaled.value[:, at], scaled.applies[:, at], np.dtype(np.uint32))
    return tuple(card.factors[j].id for j in at), values, _bits(scaled.caps)


def _categories(card: Scorecard, scaled: Scaled, blended: Blend) -> Columns:
    values = np.empty((len(scaled.ids), len(card.categories)), np.uint16, order="F")
    caps = np.empty(len(values), np.uint8)
    for block in blocks(len(values)):
        part = blended.rows(block)
        # A category of which nothing is known leaves the total, as an only factor that nobody knows makes it do.
        value = np.where(part.coverage > 0, part.value, np.nan)
        values[block], caps[block] = _stepped(value, part.applies, values.dtype), _bits(scaled.caps[block])
    asked = (values != STEPS[values.dtype] + NOT_ASKED).any(axis=0)  # what no subject is asked need not travel
    return tuple(c.id for c, some in zip(card.categories, asked, strict=True) if some), values[:, asked], caps


def _bits(caps: Bools) -> NDArray[np.uint8]:
    bits: NDArray[np.uint8] = (caps @ (1 << np.arange(caps.shape[1]))).astype(np.uint8)
    return bits


def flags(kept: Bools, rankable: Bools) -> bytes:
    """Write by place whether a filter keeps a subject and whether it may have a rank: a bit each, all of the one first.

    Compressed with zlib; core.js reads it.
    """
    return zlib.compress(np.packbits(kept).tobytes() + np.packbits(rankable).tobytes(), 1)


def _packed(header: Mapping[str, object], blocks: Mapping[str, bytes]) -> bytes:
    """Write a header and blocks as `Preview.pack` says."""
    places, end = {}, 0
    for name, block in blocks.items():
        places[name] = [end, len(block)]
        end += len(block) + -len(block) % 4
    text = json.dumps({**header, "blocks": places}, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    padded = b"".join(block + b"\0" * (-len(block) % 4) for block in blocks.values())
    return len(text).to_bytes(4, "little") + text + padded


def _stepped(value: Floats, asked: Bools, kind: np.dtype[Any]) -> NDArray[Any]:
    steps = np.where(asked, np.rint(value * STEPS[kind]), STEPS[kind] + NOT_ASKED)
    return np.nan_to_num(steps, nan=STEPS[kind] + NOT_ASKED + 1).astype(kind)
