"""An evidence sheet: one model, its total and every fact behind it, as a page of HTML that prints on A4.

The file stands alone: no script, no resource from elsewhere, and a policy that forbids both. Every text is escaped, and
only https addresses become links.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

from scoring.ground import evidence as evidence_in_words
from scoring.ground import ranked_on
from scoring.reasons.receipt import Line, alike, day, if_found, plain, receipt, to_hundredths, words
from scoring.scorecards import PRESET_LABELS
from scoring.scores import Scores
from scoring.types import Evidence
from scoring.view import ModelView

LONGEST = 300  # letters of a text from outside
STATES = {
    "known": "known",
    "absent": "absent",
    "unknown": "unknown",
    "not_applicable": "does not apply",
    "at_least": "at least",
}
_STYLE = """
@page { size: A4; margin: 13mm 12mm; }
:root { color-scheme: light; }
body { font: 9pt/1.3 system-ui, sans-serif; color: #111; background: #fff; max-width: 186mm; margin: 8mm auto; }
h1 { font-size: 15pt; margin: 0 0 1mm; overflow-wrap: anywhere; }
h2 { font-size: 10.5pt; margin: 3.5mm 0 1mm; break-after: avoid; }
p, ul, dl { margin: 0 0 1.5mm; } ul { padding-left: 4.5mm; }
.verdict { font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr max-content 1fr; gap: .3mm 3mm; }
dt { color: #555; } dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .45mm 1.2mm; border-bottom: .2mm solid #ccc; }
th { font-weight: 600; } tr { break-inside: avoid; } thead { display: table-header-group; }
.category td { background: #eee; font-weight: 600; }
.number { text-align: right; white-space: nowrap; } td { overflow-wrap: anywhere; }
small { color: #555; font-size: 7.5pt; } a { color: inherit; }
@media print { body { margin: 0; max-width: none; font-size: 8pt; } }
"""


def sheet(
    scores: Scores,
    row: int,
    facts: Mapping[str, Any],
    evidence: Mapping[str, Evidence],
    *,
    verdict: str,
    view: ModelView,
    taken: str,
    fingerprint: str,
    findings: Sequence[str] = (),
    licence: str = "",
    revision: str = "",
    link: str = "",
) -> str:
    """Return the evidence sheet of a model as a whole HTML document.

    `evidence` is by factor; `taken` the ISO date of the snapshot and `fingerprint` the sha256 of its facts; `findings`
    are sentences; `link` is the address that shows the same total today.
    """
    lines = receipt(scores, row, facts, evidence)
    model = str(scores.ids[row])
    body = [
        f"<h1>{_text(model)}</h1>",
        f'<p class="verdict">{_text(verdict)}</p>',
        _list(_standing(scores, row) | _about(facts, licence, revision)),
        "<h2>Findings</h2>",
        _items(findings or ["No flag is raised. What is unknown could still raise one."]),
        "<h2>Every factor</h2>",
        _table(lines, evidence, scores, row),
        "<h2>How it was weighed</h2>",
        _items(weighed(view, scores)),
        "<h2>Where this is from</h2>",
        _list({"Snapshot": day(taken), "Scorecard": f"{scores.card.title} {scores.card.version}"}),
        f"<p>Fingerprint of its facts (sha256): {_text(fingerprint)}</p>",
        f"<p>The same total, with these weights: {_link(link, link)}</p>" if link else "",
    ]
    return _document(f"Evidence sheet: {model}", "".join(body))


def _document(title: str, body: str) -> str:
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_text(title)}</title><style>{_STYLE}</style></head>\n<body>{body}</body></html>\n"
    )


def file_name(model: str, taken: str) -> str:
    """Return a name for the file of a model's sheet that every system takes."""
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "-._") else "-" for c in model)
    return f"weighbridge-{safe[:100].strip('.-') or 'model'}-{taken}.html"


def weighed(view: ModelView, scores: Scores) -> list[str]:
    """Say under which weights and settings a total was made, in sentences."""
    labels = {c.id: c.label for c in view.card.categories} | {f.id: f.label for f in view.card.factors}
    changed = ", changed" if view.weights else ""
    categories = ", ".join(f"{c.label} {c.weight:g}" for c in view.card.categories)
    sentences = [f"{PRESET_LABELS[view.preset]} weights{changed}: {categories}."]
    own = [f"{labels[i]} {weight:g}" for i, weight in view.weights.items()]
    if own:
        sentences.append(f"Changed against the preset: {', '.join(own)}.")
    counts = "All factors count where they are known."
    if view.count == "common":
        counts = f"{ranked_on(scores.card, scores.uncounted)}; the others are shown and not counted."
    sentences.append(counts)
    keys = view.keys()
    policy = keys["unknown"].words[view.unknown].lower()
    held = "a grave finding holds the total at 30" if view.cap else "no finding holds the total"
    between = keys["yardstick"].words[view.yardstick].lower()
    sentences.append(f"What is unknown {policy}; scaled between {between}; {held}.")
    return sentences


def _standing(scores: Scores, row: int) -> dict[str, str]:
    low, high = (f"{end[row]:.1f}" for end in (scores.low, scores.high))
    between = f"{low} to {high}" if low != high else "exact: all that counts is known"
    total = f"{scores.written(row)} of {scores.card.out_of:g}."
    if np.isnan(scores.total[row]):
        between = "unknown"
    known = scores.coverage[row] if scores.evidence is None else scores.evidence[row]
    return {
        "Total": f"{total} {if_found(scores, row)}".strip(),
        "Interval": between,
        "Rank in all": f"{scores.rank[row]:,.0f} of {int(scores.ranked.sum()):,}"
        if scores.ranked[row]
        else "not ranked",
        "Evidence": f"{evidence_in_words(float(known))}, {known:.0%} known",
    }


def _about(facts: Mapping[str, Any], licence: str, revision: str) -> dict[str, str]:
    """What a model is; the licence as it is called, else its class says that it is unknown."""
    own = {name: plain(facts.get(name)) for name in ("task", "params", "base_model", "created", "modified")}
    return {
        "Licence": licence or ("none stated" if plain(facts.get("license_stated")) is False else "unknown"),
        "Parameters": "unknown" if own["params"] is None else f"{int(own['params']):,}",
        "Task": str(own["task"] or "unknown").replace("-", " "),
        "Base model": str(own["base_model"] or "none stated"),
        "Created": day(str(own["created"] or "unknown")),
        "Last changed": day(str(own["modified"] or "unknown")),
        "Revision": revision or "not recorded",
    }


def _table(lines: Sequence[Line], evidence: Mapping[str, Evidence], scores: Scores, row: int) -> str:
    given = dict(zip((x.factor.id for x in lines), to_hundredths(x.points for x in lines), strict=True))
    values = zip(scores.card.categories, scores.category_values[row], strict=True)
    of_100 = {c.id: "not counted" if np.isnan(v) or not c.weight else f"{v:.0f} of 100" for c, v in values}
    heads = ("Factor", "Found", "State", "Points", "Source and day")
    body, category = [], ""
    for group in alike(lines):
        first = group[0]
        if first.category.id != category:
            category = first.category.id
            earned = sum(given[x.factor.id] for x in lines if x.category.id == category)
            name = f"<td>{_text(first.category.label)}</td><td colspan=2>{of_100[category]}</td>"
            body.append(f'<tr class="category">{name}<td class="number">{earned:.2f}</td><td></td></tr>')
        body.append(_row(group, sum(given[x.factor.id] for x in group), evidence[first.factor.id]))
    head = "".join(f"<th>{text}</th>" for text in heads)
    uncapped, total = float(scores.uncapped[row]), float(scores.total[row])
    held = f", held at {total:.2f}" if uncapped > total else ""
    foot = (
        "No sum: nothing that counts is known." if np.isnan(total) else f"Sum: {sum(given.values()):.2f} points{held}."
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table><p>{foot}</p>"


def _row(group: Sequence[Line], points: float, own: Evidence) -> str:
    first = group[0]
    label = " and ".join(x.factor.label if n == 0 else x.factor.label.lower() for n, x in enumerate(group))
    possible = max(points, sum(x.possible for x in group))
    counts = f"{points:.2f} of {possible:.2f}" if possible else "–"
    if first.would_add is not None:
        counts = "not counted"
    note = f"<br><small>{_text(own.note)}</small>" if own.note else ""
    read = f"{_link(own.url, own.source)}, {_text(day(own.as_of))}" if own.source else "not read yet"
    cells = (_text(label), _text(words(first)) + note, STATES["at_least" if first.at_least else first.state])
    left = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr>{left}<td class="number">{counts}</td><td>{read}</td></tr>'


def _list(pairs: Mapping[str, str]) -> str:
    return f"<dl>{''.join(f'<dt>{_text(name)}</dt><dd>{_text(value)}</dd>' for name, value in pairs.items())}</dl>"


def _items(texts: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{_text(text)}</li>' for text in texts)}</ul>"


def _link(url: str, label: str) -> str:
    """A link where the address is one of the web, else the label alone."""
    if not url.startswith(("https://", "http://")):
        return _text(label)
    return f'<a href="{escape("".join(_visible(url)).replace(" ", "%20"))}" rel="noreferrer">{_text(label, 2000)}</a>'


def _text(text: str, longest: int = LONGEST) -> str:
    """Text from outside as HTML shows it letter by letter, without what is invisible or turns the direction."""
    return escape(one_line(text, longest))


def one_line(text: str, longest: int = LONGEST) -> str:
    """Return text from outside on one line, cut at `longest`, without what is invisible or turns the direction."""
    line = " ".join("".join(_visible(text)).split())
    return f"{line[: longest - 1]}…" if len(line) > longest else line


def _visible(text: str) -> Iterator[str]:
    return (c if c.isprintable() else " " for c in text)
