"""Scores for spreadsheets, notebooks and pipes: tables as rows and as CSV, and one subject as a JSON-able object."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from scoring.ground import evidence
from scoring.reasons.attribution import Attribution
from scoring.reasons.bands import Bands
from scoring.reasons.receipt import Line, receipts
from scoring.scorecards import organisation_card
from scoring.scores import Scores
from scoring.types import Bools, Category, Floats, Scorecard

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]
TableId = Literal["overall", "data", "model", "system", "benchmark"]
TABLES: tuple[TableId, ...] = get_args(TableId)
UNKNOWN, NOT_APPLICABLE = "unknown", "not applicable"
AT_A_TIME = 10_000  # lines of a CSV file
# A spreadsheet runs a cell that begins so as a formula; the wide forms count as their narrow ones there.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def as_csv(tables: Sequence[Sequence[Row]], columns: Sequence[str] = ()) -> str:
    """Write tables one below the other, in full precision; a column that one of them lacks is empty there.

    `columns` defaults to those of the longest table. Every text is made harmless; numbers stay numbers.
    """
    names = columns or max((list(rows[0]) for rows in tables if rows), key=len, default=[])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(row.get(name)) for name in names] for rows in tables for row in rows)
    return text.getvalue()


def harmless(cell: object) -> object:
    """Lead a text that a spreadsheet would run as a formula by an apostrophe; leave what is no text alone."""
    if not isinstance(cell, str):
        return cell
    text = cell.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def ranking_csv(scores: Scores, facts: Any, rows: NDArray[np.intp], mask: Bools | None = None) -> Iterator[str]:
    """Yield these rows (positions in scores and facts) as CSV text, in their order, some at a time.

    One line a model: rank (in all), rank_shown (among those of `mask`, by default these rows), id, total, low, high,
    uncapped, capped_by, coverage (0..1), a column a category (0..100) and
    a column a factor (the fact that it reads), the ids of the facts that are only a lower bound, and the flags.
    Unknown is written as "unknown".
    """
    shown = np.zeros(len(scores), dtype=np.bool_) if mask is None else mask
    if mask is None:
        shown[rows] = True
    here, names = scores.rank_of(rows, shown), [*dict.fromkeys(_facts_of(scores.card, facts))]
    for start in range(0, max(len(rows), 1), AT_A_TIME):
        some = slice(start, start + AT_A_TIME)
        text = _csv(scores.of(rows[some]), facts[names].iloc[rows[some]], here[some])
        yield text if not start else text.partition("\n")[2]


def _facts_of(card: Scorecard, facts: Any) -> Iterator[str]:
    from scoring.reasons.flags import FLAGS  # here, because it needs pandas

    for reads in (*(f.reads for f in card.factors), *(flag.reads for flag in FLAGS)):
        yield from (name for name in reads if name in facts)


def _csv(scores: Scores, facts: pd.DataFrame, here: Floats) -> str:
    from scoring.reasons.flags import flags  # here, because it needs pandas

    held = flags(facts)
    columns: dict[str, Any] = {"rank": _placed(scores.rank), "rank_shown": _placed(here), "id": scores.ids}
    for name in ("total", "low", "high", "uncapped"):
        columns[name] = [_rounded(v) for v in getattr(scores, name)]
    columns["capped_by"] = [scores.capped_by(i) or "" for i in range(len(scores))]
    columns["coverage"] = scores.coverage.round(6)
    columns |= {} if scores.evidence is None else {"evidence": [evidence(known) for known in scores.evidence]}
    for j, c in enumerate(scores.card.categories):
        columns[c.id] = [_rounded(v) for v in scores.category_values[:, j]]
    columns |= _factor_columns(scores, facts)
    columns["at_least"] = _at_least(scores, facts)
    columns["flags"] = [" ".join(held.columns[row]) for row in held.to_numpy()]
    return as_csv(
        [[dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]], [*columns]
    )


@dataclass(frozen=True, kw_only=True)
class Table:
    """One of the five tables of organisations: what its columns hold (n x k), the score (n) and its rank (n)."""

    columns: tuple[str, ...]
    values: Floats
    score: Floats
    rank: Floats


def table_of(scores: Scores, name: TableId) -> Table:
    """Return one of the five tables, its columns under their bare ids."""
    categories = scores.card.categories
    if name == "overall":
        ids = tuple(c.id for c in categories)
        return Table(columns=ids, values=scores.joined, score=scores.total, rank=scores.rank)
    at = next(n for n, c in enumerate(categories) if c.id == name)
    columns = _columns(scores, categories[at])
    return Table(
        columns=tuple(scores.card.factors[j].id.removeprefix(f"{name}_") for j in columns),
        values=scores.scaled.value[:, columns],
        score=scores.category_values[:, at],
        rank=scores.category_ranks[:, at],
    )


def risen(now: Scores, before: Scores | None, name: TableId = "overall") -> Floats:
    """Return how many places each organisation (n) rose in a table since `before`; NaN for one that is new."""
    rank = table_of(now, name).rank
    if before is None:
        return np.full(len(rank), np.nan)
    then = table_of(before, name).rank
    places = [then[before.position[i]] if i in before.position else np.nan for i in map(str, now.ids)]
    return np.array(places, dtype=np.float64) - rank


def table_rows(
    now: Scores,
    before: Scores | None,
    name: TableId = "overall",
    *,
    raw: bool = False,
    dated: bool = False,
    only: Sequence[str] = (),
) -> list[Row]:
    """Return a table's rows from first to last; `raw` gives the facts, under full ids where they are all shown."""
    shown, places = table_of(now, name), risen(now, before, name)
    columns = dict(_raw_columns(now, name) if raw else zip(shown.columns, shown.values.T, strict=True))
    first = np.lexsort((now.ids.astype(str), np.nan_to_num(shown.rank, nan=np.inf)))
    rows = []
    for n in (n for n in first if not only or now.ids[n] in only):
        row: Row = {"month": now.as_of} if dated else {}
        row |= {"org": str(now.ids[n])} | {i: exact(column[n], whole=raw) for i, column in columns.items()}
        if not raw:
            row |= {"score": exact(shown.score[n]), "rank": exact(shown.rank[n], whole=True)}
            row["delta_rank"] = exact(places[n], whole=True)
        rows.append(row)
    return rows


def band_rows(bands: Bands, rows: Sequence[int], key: str = "id") -> list[Row]:
    """Return rank, band, shares of draws (0..1) and tier of these rows, and the average weights (0..1) when first."""
    written = []
    for row in rows:
        numbers = {"rank": bands.rank, "rank_low": bands.low, "rank_high": bands.high, "tier": bands.tier}
        one: Row = {key: str(bands.scores.ids[row])}
        one |= {name: exact(values[row], whole=True) for name, values in numbers.items()}
        one |= {"first": exact(bands.first[row]), "first_ten": exact(bands.ten[row])}
        when = zip(bands.scores.card.categories, bands.when_first[row], strict=True)
        written.append(one | {f"when_first_{c.id}": exact(share) for c, share in when})
    return written


def cause_rows(found: Attribution) -> list[Row]:
    """Return what each cause of a change adds to the score (0..100) and to the rank (None where it has no place)."""
    return [
        {"cause": cause, "points": points, "places": found.places.get(cause)} for cause, points in found.points.items()
    ]


def report(scores: Scores, row: int, facts: Mapping[str, Any], flags: list[str]) -> Row:
    """Return totals (0..100), coverage (0..1), categories, every factor and flags of one subject.

    A factor that is unknown or not applicable has value null; shares sum to 1, points to `uncapped`; no NaN.
    """
    (one,) = reports(scores, [row], [facts], [flags])
    return one


def reports(
    scores: Scores, rows: Sequence[int], facts: Iterable[Mapping[str, Any]], flags: Iterable[list[str]]
) -> Iterator[Row]:
    """Yield the report of each of these subjects, whose facts and flags come in the same order."""
    for row, lines, held in zip(rows, receipts(scores, rows, facts), flags, strict=True):
        yield {
            "id": str(scores.ids[row]),
            "total": exact(scores.total[row]),
            "low": exact(scores.low[row]),
            "high": exact(scores.high[row]),
            "uncapped": exact(scores.uncapped[row]),
            "capped_by": scores.capped_by(row),
            "coverage": exact(scores.coverage[row]),
            "ranked": bool(scores.ranked[row]),
            "evidence": None if scores.evidence is None else evidence(scores.evidence[row]),
            "categories": {
                c.id: {
                    "score": exact(scores.category_values[row, j]),
                    "coverage": exact(scores.blended.coverage[row, j]),
                }
                for j, c in enumerate(scores.card.categories)
            },
            "factors": {line.factor.id: _factor(line) for line in lines},
            "flags": held,
        }


def exact(value: float, whole: bool = False) -> float | int | None:
    """Return a number as JSON and CSV take it: None for NaN, `whole` numbers without a point."""
    if math.isnan(value):
        return None
    return int(value) if whole and value == int(value) else float(value)


def _columns(scores: Scores, category: Category) -> list[int]:
    """Return the factors that a dimension's table shows: somebody has them, and they weigh or used to."""
    usual = {f.id for f in organisation_card(scores.method).factors if f.weight > 0}
    ids = {f.id for f in category.factors if f.weight > 0 or f.id in usual}
    return [j for j, f in enumerate(scores.card.factors) if f.id in ids and scores.asked[j]]


def _raw_columns(scores: Scores, name: TableId) -> Iterator[tuple[str, Floats]]:
    for c in scores.card.categories:
        if name in ("overall", c.id):
            for j in _columns(scores, c):
                full = scores.card.factors[j].id
                yield (full if name == "overall" else full.removeprefix(f"{name}_")), scores.raw[:, j]


def _factor(line: Line) -> Row:
    fields = {
        "value": line.value,
        "state": line.state,
        "scaled": line.scaled,
        "share": line.share,
        "points": line.points,
    }
    if line.level is not None and line.level != line.value:
        fields["level"] = line.level
    if line.at_least:
        fields["at_least"] = True
    if line.would_add is not None:
        fields |= {"counted": False, "would_add": line.would_add if line.known else None}
    return fields


def _factor_columns(scores: Scores, facts: pd.DataFrame) -> Iterator[tuple[str, Any]]:
    for j, f in enumerate(scores.card.factors):
        values = facts[f.reads[0]]
        unknown = np.isnan(scores.scaled.value[:, j]) | values.isna().to_numpy()
        known = np.where(unknown, UNKNOWN, values.astype(object))
        yield f.id, np.where(scores.scaled.applies[:, j], known, NOT_APPLICABLE)


def _at_least(scores: Scores, facts: pd.DataFrame) -> list[str]:
    bounds = {f.id: [r for r in f.reads if r.endswith("_at_least")] for f in scores.card.factors}
    marks = {i: facts[reads[0]].fillna(False).astype(bool).to_numpy() for i, reads in bounds.items() if reads}
    return [" ".join(i for i, marked in marks.items() if marked[n]) for n in range(len(facts))]


def _placed(ranks: Floats) -> list[int | str]:
    return ["not ranked" if np.isnan(rank) else int(rank) for rank in ranks]


def _rounded(value: float) -> float | str:
    return UNKNOWN if np.isnan(value) else round(float(value), 6)


def _cell(value: object) -> object:
    if value is None:
        return ""
    return float.__repr__(value) if isinstance(value, float) else harmless(value)


def as_html(scores: Scores, shown: int) -> str:
    """Write the first rows of a ranking as a table of HTML; every text is escaped, what is not known says so."""
    card = scores.card
    head = ["rank", card.subject, "total", "interval", "known", *(c.label for c in card.categories)]
    lines = []
    for row in scores.table(scores.top(shown)).itertuples(index=False):
        rank, subject, total, low, high, known, *parts = row
        place, name = f"{rank:,}" if isinstance(rank, int) else "not ranked", escape(str(subject))
        whole, first, last, *own = (_number(value, card.out_of) for value in (total, low, high, *parts))
        lines.append(_html_row("td", [place, name, f"<b>{whole}</b>", f"{first} – {last}", f"{known:.0%}", *own]))
    count = f"the first {shown} of {len(scores):,}" if len(scores) > shown else f"{len(scores):,}"
    title = f"{card.title} {card.version}: {count} {card.subject}{'' if len(scores) == 1 else 's'}"
    return (
        f"<table><caption style='text-align:left'>{escape(title)}</caption>"
        f"<thead>{_html_row('th', map(escape, head))}</thead><tbody>{''.join(lines)}</tbody></table>"
    )


def _html_row(tag: str, texts: Iterable[str]) -> str:
    sides = ("right", "left")
    cells = (f"<{tag} style='text-align:{sides[n == 1]}'>{text}</{tag}>" for n, text in enumerate(texts))
    return f"<tr>{''.join(cells)}</tr>"


def _number(value: float, out_of: float) -> str:
    return "unknown" if np.isnan(value) else f"{value:.{1 if out_of > 1 else 4}f}"
