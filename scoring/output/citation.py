"""What others quote of a ranking: a citation that names what it rests on, and a badge of one subject as SVG."""

from __future__ import annotations

from html import escape

import numpy as np

from scoring.output.proof import settings
from scoring.output.sheet import one_line
from scoring.reasons.receipt import day
from scoring.reasons.verdict import place
from scoring.scores import Scores
from scoring.settings import View

# White reads on both at 7:1 or more.
LEFT, RIGHT, INK = "#0B5B73", "#3A3F44", "#FFFFFF"
# Pixels; a text is set to the width that these give, whatever font there is.
_LETTER, _NARROW = 6.5, 4.0
_PAD, _HEIGHT = 8, 22


def citation(
    scores: Scores,
    row: int | None,
    *,
    version: str,
    view: View,
    taken: str,
    fingerprint: str,
    link: str,
    read: str,
) -> str:
    """Return one paragraph that cites the whole ranking, or the subject at a `row` of it.

    `version` is that of this code, `taken` the ISO date of the snapshot whose facts have this `fingerprint` (sha256),
    `link` the address of the view and `read` the ISO day on which it was read.
    """
    card = scores.card
    what = f"{card.title} {card.version}, ranking of {int(scores.ranked.sum()):,}"
    if row is not None:
        what = f"{one_line(str(scores.ids[row]))}: {standing(scores, row)}. {card.title} {card.version}"
    under = "settings of the link" if settings(view) else "default settings"
    prints = f"scorecard {card.fingerprint}, snapshot {one_line(fingerprint)}"
    return (
        f"Weighbridge {version}. {what}, {under}, snapshot of {day(taken)}. Fingerprints: {prints}. "
        f"{one_line(link, 2000)} (read on {day(read)})."
    )


def standing(scores: Scores, row: int) -> str:
    """Say the total of a subject and its rank in all, or that it has none."""
    total = "total unknown" if np.isnan(scores.total[row]) else scores.written(row)
    where = place(scores, row)
    return f"{total} · {f'rank {where}' if where else 'not ranked'}"


def badge(scores: Scores, row: int, view: View, taken: str) -> str:
    """Return the standing of a subject at an ISO date as an SVG image that needs nothing from elsewhere.

    It says so where settings other than the default ones decided it.
    """
    own = " · own settings" if settings(view) else ""
    label, value = "Weighbridge", f"{standing(scores, row)}{own} · {day(taken)}"
    left, right = (_width(text) + 2 * _PAD for text in (label, value))
    whole, name = left + right, escape(f"{one_line(str(scores.ids[row]))}: {label} {value}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{_HEIGHT}" '
        f'viewBox="0 0 {whole} {_HEIGHT}" role="img" aria-label="{name}"><title>{name}</title>'
        f'<rect width="{whole}" height="{_HEIGHT}" rx="4" fill="{RIGHT}"/>'
        f'<path d="M4 0h{left - 4}v{_HEIGHT}H4a4 4 0 0 1-4-4V4a4 4 0 0 1 4-4z" fill="{LEFT}"/>'
        f'<g fill="{INK}" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f"{_words(label, _PAD)}{_words(value, left + _PAD)}</g></svg>\n"
    )


def _words(text: str, x: int) -> str:
    return f'<text x="{x}" y="15" textLength="{_width(text)}">{escape(text)}</text>'


def _width(text: str) -> int:
    return round(sum(_NARROW if c in " ·.,il" else _LETTER for c in text))
