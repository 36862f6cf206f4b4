"""The preview of a ranking: what a browser needs to weigh by itself while a slider moves, and the arithmetic it does.

A released slider is scored by the engine; what is drawn until then comes from here. components/weights/core.js does
the same arithmetic as `Preview.totals` on what `Preview.pack` wrote: this is its reference.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.interval import DECIMALS
from scoring.methods import neutral, relative
from scoring.types import Blend, Bools, Floats, Scaled, Scorecard, UnknownPolicy

MOST_BY_FACTOR = 100_000  # subjects; of more, only the scores of categories travel, so that the data stay small
# A value of 0..1 travels as a whole number of decimal steps, so that what is a short fraction stays exactly that.
STEPS = {np.dtype(np.uint32): 4_000_000_000, np.dtype(np.uint16): 50_000}
NOT_ASKED = 2  # steps beyond 1: the question does not apply; one more: nobody knows
KEPT, RANKABLE = 1, 2  # the bits of `flags`


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
    ids: NDArray[np.object_]
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

    def top(self, totals: tuple[Floats, Floats], flags: NDArray[np.uint8], n: int) -> NDArray[np.intp]:
        """Return the first n places among those kept: ranked before unranked, then total, uncapped total and id."""
        total, uncapped = (np.nan_to_num(each.round(DECIMALS), nan=-np.inf) for each in totals)
        unranked = ((flags & RANKABLE) == 0) | np.isnan(totals[0])
        kept = np.flatnonzero(flags & KEPT)
        return kept[np.lexsort((kept, -uncapped[kept], -total[kept], unranked[kept]))][:n]

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

    `counting` are the ids of the factors that may weigh; with `blended` only the weights of categories can move.
    """
    by_factor = blended is None
    if blended is None:
        at = [j for j, f in enumerate(card.factors) if f.id in counting]
        value, asked = scaled.value[:, at], scaled.applies[:, at]
        columns = tuple(card.factors[j].id for j in at)
    else:
        # A category of which nothing is known leaves the total, as an only factor that nobody knows makes it do.
        value, asked = np.where(blended.coverage > 0, blended.value, np.nan), blended.applies
        columns = tuple(c.id for c in card.categories)
    rows = np.argsort(scaled.ids.astype(str), kind="stable")
    return Preview(
        card=card,
        columns=columns,
        by_factor=by_factor,
        values=_stepped(value, asked, np.dtype(np.uint32 if by_factor else np.uint16))[rows].T.copy(),
        caps=(scaled.caps[rows] @ (1 << np.arange(len(card.caps)))).astype(np.uint8),
        ids=scaled.ids[rows],
        rows=rows,
    )


def flags(rows: NDArray[np.intp], kept: Bools, rankable: Bools) -> NDArray[np.uint8]:
    """Return for every place of a preview whether a filter keeps the subject and whether it may have a rank."""
    return (KEPT * kept[rows] + RANKABLE * rankable[rows]).astype(np.uint8)


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
