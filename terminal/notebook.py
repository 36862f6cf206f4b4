"""The same rankings in a notebook or a script, from the newest snapshot or another.

    import weighbridge as wb

    ranking = wb.load().rank(task="embeddings", weights={"security": 60})
    ranking.explain("BAAI/bge-m3")

A mistake is a ValueError of one sentence, which names what is nearest.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.models import choices
from data.models import snapshot as stored
from data.models.snapshot import Snapshot
from data.organisations import month as stored_months
from data.organisations.rollup import rollup
from scoring.ground import evidence, ranked_on
from scoring.methods import EVERY_METHOD
from scoring.output.export import table_rows
from scoring.reasons.attribution import Side, attribution, of_model
from scoring.reasons.choices import board
from scoring.reasons.choices import words as words_of
from scoring.reasons.draws import Depth, Noise
from scoring.reasons.receipt import day, receipt, standings, words
from scoring.scores import Scores
from scoring.settings import NOTHING_WEIGHS, Offered, View, nearest, number
from scoring.view import ModelView, OrganisationView
from terminal import organisations, shown
from terminal.options import mistakable
from terminal.shown import Banded, Receipt, Shown
from terminal.standing import advice, headline, places, points, standing, what

V = TypeVar("V", bound=View)


@dataclass(frozen=True, kw_only=True, repr=False)
class Ranking(Shown):
    """Models of a snapshot, ranked under a view; `table` has all that pass its filters, `scores` those of everybody."""

    view: ModelView
    scores: Scores
    snapshot: Snapshot

    @property
    def positions(self) -> list[int]:
        """Where the rows of the table stand in the scores."""
        return [self.scores.position[model] for model in self.table["model"]]

    def explain(self, model: str) -> Receipt:
        """Return every factor of a model of the snapshot, whether or not it passes the filters."""
        known = self.snapshot
        n = _position("model", model, known.position, f"in the snapshot of {day(known.taken)}")
        subject, rows = str(self.scores.ids[n]), []
        facts = known.subject(subject)
        for line in receipt(self.scores, n, facts):
            origin = known.evidence(subject, line.factor.reads[0], line.value, "")
            row = {"factor": line.factor.id, "value": words(line), "state": line.state, "scaled": line.scaled}
            row |= {"share": line.share, "points": line.points}
            row |= {"counted": line.would_add is None, "would_add": line.would_add}
            rows.append(row | {"source": origin.source, "as_of": origin.as_of, "note": origin.note})
        found = advice(self.view, known, self.scores, n).improvements
        changes = [{"points": points(x), "places": places(x), "what": what(x).replace("`", "")} for x in found]
        lead = "What would change its rank, one thing at a time; after the slash what a bad answer would cost:"
        return Receipt(
            sentence="\n".join([headline(facts, known.days(subject)), *standing(self.scores, n, known.facts)]),
            table=pd.DataFrame(rows),
            columns=("factor", "value", "state", "counted", "scaled", "share", "points", "source", "as_of"),
            decimals=2,
            changes=Shown(sentence=lead, table=pd.DataFrame(changes)) if changes else None,
        )

    def bands(self, noise: Noise = "around", depth: Depth = "categories") -> Banded:
        """Return how firm this order is: the ranks of its models under 4,000 weights around these, or under any.

        They are weights of the categories, or of the factors inside them, too.
        """
        return shown.banded(self.scores, self.positions, noise, depth, "model")

    def methods(self) -> Shown:
        """Return what every other way to count makes of this order of its models."""
        rows = np.sort(np.array(self.positions, dtype=np.intp))
        made = board(self.view, self.snapshot, rows, ["goalposts", "population"])
        return shown.compared(made.here, {words_of(one): there for one, there in made.others.items()})

    def moved(self, model: str, since: str) -> Shown:
        """Return why a model moved since an earlier snapshot, under this view: the parts of its change."""
        before = stored.load(since, self.snapshot.folder.parents[1])
        sides = [
            Side.of(one, _position("model", model, one.position, f"in the snapshot of {day(one.taken)}"), self.view)
            for one in (self.snapshot, before)
        ]
        return shown.moved(of_model(*sides))

    def weights_for(self, *models: str) -> Shown:
        """Return the nearest weights that rank these models in this order, the first ahead; or why none do."""
        where = f"in the snapshot of {day(self.snapshot.taken)}"
        return shown.weights_for(self.scores, [_position("model", m, self.scores.position, where) for m in models])

    def link(self, base: str) -> str:
        """Return the address that shows this ranking in the app at `base`."""
        return _link(f"{base.rstrip('/')}/", replace(self.view, snapshot=self.snapshot.taken))


@dataclass(frozen=True, kw_only=True, repr=False)
class OrganisationRanking(Shown):
    """Organisations of a month, ranked under a view."""

    view: OrganisationView
    scored: organisations.Scored
    within: Path | None

    @property
    def scores(self) -> Scores:
        """Scores of all organisations of the month."""
        return self.scored.now

    def explain(self, organisation: str) -> Receipt:
        """Return every indicator of an organisation."""
        now = self.scored.now
        n = _position("organisation", organisation, now.position, f"in the month of {day(now.as_of)}")
        name = str(now.ids[n])
        rows = [organisations.line(self.scored, name, one) for one in standings(now, name)]
        score = f"With {now.total[n]:.4f} of 1 it ranks {now.rank[n]:.0f} of {len(now)}."
        title = f"{name}, {day(now.as_of)}, {now.method.label.lower()}."
        columns = ("id", "value", "state", "scaled", "rank", "share", "points", "source", "as_of")
        table = pd.DataFrame(rows).astype({"value": "Float64", "rank": "Int64"})
        return Receipt(sentence=f"{title}\n{score}", table=table, columns=columns, decimals=4)

    def bands(self, noise: Noise = "around", depth: Depth = "categories") -> Banded:
        """Return how firm the order of the month is, with a row for each organisation of this table."""
        rows = [self.scores.position[org] for org in self.table["org"]]
        return shown.banded(self.scores, rows, noise, depth, "org", among=range(len(self.scores)))

    def methods(self) -> Shown:
        """Return what every way to normalise indicators and to join dimensions makes of the order of the month."""
        rolled, month = self.scored.rolled, self.scored.rolled.month
        others = {
            method.label: replace(self.view, method=method.id).score(
                rolled if method.reading == rolled.reading else rollup(month, method.reading)
            )
            for method in EVERY_METHOD.values()
        }
        return shown.compared(self.scores, others)

    def moved(self, organisation: str, since: str) -> Shown:
        """Return why an organisation moved since an earlier month: the parts of its change, under the same view."""
        (before,) = organisations.scored([since], self.view, self.within)
        names = [
            str(one.ids[_position("organisation", organisation, one.position, f"in the month of {day(one.as_of)}")])
            for one in (self.scores, before.now)
        ]
        return shown.moved(attribution(self.scores, before.now, names[0]))

    def weights_for(self, *organisations: str) -> Shown:
        """Return the nearest weights that rank these organisations in this order, the first ahead; or why none do."""
        where = f"in the month of {day(self.scores.as_of)}"
        return shown.weights_for(
            self.scores, [_position("organisation", o, self.scores.position, where) for o in organisations]
        )

    def link(self, base: str) -> str:
        """Return the address that shows this ranking in the app at `base`."""
        return _link(f"{base.rstrip('/')}/organisations", replace(self.view, month=self.scored.now.as_of))


@dataclass(frozen=True)
class Loaded:
    """A snapshot of models, and the months of organisations beside it."""

    snapshot: Snapshot
    within: Path | None = None

    def __repr__(self) -> str:
        """Say what there is to rank."""
        return f"{len(self.facts):,} models in the snapshot of {day(self.snapshot.taken)}"

    @property
    def facts(self) -> pd.DataFrame:
        """The facts: a row a model, a column a fact, missing where nobody knows."""
        return self.snapshot.facts

    def rank(
        self,
        task: str | Sequence[str] = (),
        weights: Mapping[str, float] | None = None,
        *,
        top: int = 20,
        **settings: Any,
    ) -> Ranking:
        """Rank the models.

        `task` is what they are for ("embeddings", "chat", "ocr") or a task of the Hub ("text-generation"); `weights`
        are of categories and factors, by id; `top` is how many rows are shown. All other settings are the keys of a
        link and the options of `weighbridge rank models`, such as preset, license, search or count.
        """
        offered = mistakable(ModelView, choices.offered(self.facts))
        view = _view(ModelView, settings | _purposes(task, [*offered["task"]]), weights, offered)
        if view.snapshot:
            raise ValueError("The snapshot is chosen by load(snapshot=...), not by a ranking.")
        scores = view.score(self.snapshot)
        left_out = [*view.left_out(self.facts, scores).values(), np.zeros(len(scores), dtype=bool)]
        among = ~np.logical_or.reduce(left_out)
        table = _table(scores, view.arranged(scores, self.facts, among))
        return Ranking(
            sentence=_sentence(view, scores, table, self.snapshot.taken),
            table=table,
            columns=tuple(str(c) for c in table if c not in scores.idle),
            top=top,
            view=view,
            scores=scores,
            snapshot=self.snapshot,
        )

    def organisations(
        self,
        month: str = "",
        method: str = "",
        weights: Mapping[str, float] | None = None,
        *,
        only: Sequence[str] = (),
        count: str = "",
        top: int = 20,
    ) -> OrganisationRanking:
        """Rank the organisations of a month (default: the newest sound one) by a method, under weights by id."""
        months = stored_months.months(self.within)
        sound = organisations.checker(self.within, _warn)
        taken = month if month in months else organisations.newest(sound, self.within)
        known = stored_months.load(taken, self.within).ids
        asked = {"month": month, "method": method, "only": only, "count": count}
        given = {name: value for name, value in asked.items() if value}
        view = _view(OrganisationView, given, weights, {"month": months, "only": known})
        (scored,) = organisations.scored([taken], view, self.within, sound=sound)
        now = scored.now
        table = pd.DataFrame(table_rows(now, scored.before, only=view.only)).astype({"delta_rank": "Int64"})
        table = table[["rank", "delta_rank", "org", "score", *(c.id for c in now.card.categories)]]
        many = f"{len(table)} of {len(now)}" if view.only else str(len(table))
        return OrganisationRanking(
            sentence=f"{many} organisations in the month of {day(now.as_of)}, {now.method.label.lower()}"
            f"{_moved(view)}. First is {table['org'].iloc[0]} with {table['score'].iloc[0]:.4f}.",
            table=table,
            top=top,
            decimals=4,
            view=view,
            scored=scored,
            within=self.within,
        )


def load(snapshot: str = "", within: Path | None = None) -> Loaded:
    """Load a snapshot of models by its date (default: the newest sound one), from the folder `within` or the bundle."""
    if snapshot:
        return Loaded(stored.load(snapshot, within), within)
    found, damage = stored.load_newest_sound(within)
    if damage:
        _warn(f"{damage} The snapshot of {found.taken} is used instead.")
    return Loaded(found, within)


def _warn(sentence: str) -> None:
    warnings.warn(sentence, stacklevel=3)


def _view(kind: type[V], settings: Mapping[str, Any], weights: Mapping[str, float] | None, offered: Offered) -> V:
    """Read settings as the keys of a link are read; what a link would ignore is a ValueError here."""
    params = {name: _several(value) for name, value in settings.items() if value is not None}
    weighed = {name: [str(weight)] for name, weight in (weights or {}).items()}
    _known("A ranking has no setting", params, [name for name, key in kind.keys().items() if key.option])
    _known(f"There is no {kind.parts}", weighed, kind().usual)
    view, notes = kind.parse(params | weighed, offered)
    if any(note.startswith(NOTHING_WEIGHS) for note in notes):
        raise ValueError(f"{NOTHING_WEIGHS}; raise at least one weight.")
    if notes:
        raise ValueError(" ".join(notes))
    return view


def _known(lacking: str, wanted: Iterable[str], known: Collection[str]) -> None:
    for name in wanted:
        if name not in known:
            raise ValueError(f"{lacking} {name}{nearest(name, known, known)}")


def _purposes(task: str | Sequence[str], tasks: Sequence[str]) -> dict[str, list[str]]:
    """Tell groups of tasks, by any of their words, from tasks of the Hub."""
    found: dict[str, list[str]] = {}
    groups = ModelView.keys()["task_group"].words
    for word in _several(task):
        group, _ = ModelView.parse({"task_group": [word]})
        if not group.task_group and word.lower() not in tasks:
            raise ValueError(f"There is no task {word}{nearest(word, [*groups, *tasks], groups)}")
        found.setdefault("task_group" if group.task_group else "task", []).append(word)
    return found


def _position(kind: str, wanted: str, position: Mapping[str, int], where: str) -> int:
    """Return where a subject stands, whatever its capitals."""
    found = position.get(wanted, {known.lower(): n for known, n in position.items()}.get(str(wanted).lower()))
    if found is None:
        raise ValueError(f"There is no {kind} {wanted} {where}{nearest(str(wanted), position)}")
    return found


def _several(value: Any) -> list[str]:
    """Return one value or several as a link has them."""
    return [str(one) for one in (value if isinstance(value, list | tuple | set) else (value,))]


def _table(scores: Scores, rows: NDArray[np.intp]) -> pd.DataFrame:
    """Return these rows with their rank among themselves and in all; who is not ranked has none."""
    table = scores.table(rows).rename(columns={"rank": "rank_in_all", "id": "model"})
    table.insert(0, "rank", pd.Series(scores.rank_among(rows)[rows]).astype("Int64"))
    if len(rows) == len(scores):
        table = table.drop(columns="rank_in_all")
    known = scores.coverage if scores.evidence is None else scores.evidence
    table["coverage"] = [evidence(share) for share in known[rows]]
    return table.rename(columns={"coverage": "evidence"})


def _sentence(view: ModelView, scores: Scores, table: pd.DataFrame, taken: str) -> str:
    """Say how many are ranked of how many, on what, under which weights, and who is first."""
    many = f"{len(table):,} of {len(scores):,} models" if len(table) < len(scores) else f"{len(scores):,} models"
    weights = f"the {view.keys()['preset'].words[view.preset]} weights{_moved(view)}"
    lead = f"{many} in the snapshot of {day(taken)}, under {weights}."
    counted = f" {ranked_on(scores.card, scores.uncounted)}." if scores.uncounted else ""
    if table.empty:
        return f"{lead} No model passes the filters."
    first = table.iloc[0]
    return f"{lead}{counted} First is {first['model']} with {first['total']:.1f} of {scores.card.out_of:g}."


def _moved(view: View) -> str:
    changed = [f"{name} {number(weight)}" for name, weight in view.weights.items()]
    return f" with {', '.join(changed)}" if changed else ""


def _link(base: str, view: View) -> str:
    return f"{base}?{urlencode(view.query(), doseq=True)}"
