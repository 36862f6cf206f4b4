"""`weighbridge explain`: where the points of a model or an organisation come from, and what would change them.

numpy, pandas and what reads snapshots of models are imported where they are needed, so that an organisation is
explained without them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scoring.output.citation import badge
from scoring.output.export import as_csv
from scoring.reasons.influence import of_100
from scoring.reasons.receipt import standings
from scoring.settings import nearest
from scoring.view import ModelView, OrganisationView
from terminal import firmness, organisations, proofs
from terminal.firmness import Against
from terminal.messages import As, Format, Refused, complain, reason, say
from terminal.options import Chosen, with_view
from terminal.proofs import Save
from terminal.snapshots import sound_snapshot

if TYPE_CHECKING:
    from data.models.snapshot import Snapshot
    from scoring.scores import Scores

Since = Annotated[
    str | None, typer.Option("--since", metavar="DATE", help="Say why it moved since this earlier snapshot or month.")
]
Badge = Annotated[Path | None, typer.Option("--badge", metavar="FILE", help="Save its badge, an SVG image.")]
Planned = Annotated[
    list[str] | None,
    typer.Option("--plan", metavar="FACTOR", help="Say what mending this gives, and how; all, or repeated."),
]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is to be explained, saved or printed of a subject."""

    save: Path | None
    badge: Path | None
    against: str | None
    since: str | None
    plan: Sequence[str]
    format: Format

    def check(self) -> None:
        """Refuse two answers at a time, and a plan or a comparison in a format that they have not."""
        named = {"--against": self.against, "--since": self.since, "--plan": self.plan}
        given = [option for option, value in named.items() if value]
        if given[1:]:
            raise Refused(f"Give one of {' and '.join(given)}, not {len(given)}.")
        if given and given != ["--since"] and self.format is not Format.table:
            raise Refused(f"{given[0]} answers in sentences; leave out --format.")

    def draw(self, scores: Scores, row: int, view: ModelView | OrganisationView, taken: str) -> None:
        """Save the badge, where it is asked for."""
        if not self.badge:
            return
        try:
            self.badge.write_text(badge(scores, row, view, taken), "utf-8")
        except OSError as error:
            raise Refused(f"{self.badge} cannot be written: {reason(error)}.") from None
        write = say if self.format is Format.table else complain
        write(f"The badge of {scores.ids[row]} is saved in {self.badge}.")


@with_view(ModelView, OrganisationView, use="one")
def explain(
    model_id: Annotated[str | None, typer.Argument(metavar="ORG/NAME", help="The model to explain.")] = None,
    organisation: Annotated[
        str | None, typer.Option(metavar="NAME", help="Explain this organisation instead of a model.")
    ] = None,
    save: Save = None,
    badge: Badge = None,
    against: Against = None,
    since: Since = None,
    plan: Planned = None,
    format: As = Format.table,
    *,
    chosen: Chosen,
) -> None:
    """Print every factor of a model or organisation with its source.

    For an organisation, --month, --method and --weight choose how it is scored; for a model, all other options.
    """
    if bool(model_id) == bool(organisation):
        raise Refused("Give either a model (ORG/NAME) or --organisation NAME; see `weighbridge --help`.")
    wanted = Wanted(save=save, badge=badge, against=against, since=since, plan=plan or (), format=format)
    wanted.check()
    if organisation:
        of_organisation(organisation, chosen(OrganisationView, organisations.offered()), wanted)
    else:
        of_model(str(model_id), chosen, wanted)


def of_model(model_id: str, chosen: Chosen, wanted: Wanted) -> None:
    """Print every factor of a model, or what was asked of it."""
    from terminal.models import known, opened, show

    view, loaded = opened(chosen, by_position=not (wanted.save or wanted.against))
    row = known(loaded, model_id)
    other = known(loaded, wanted.against) if wanted.against else None
    if wanted.save:
        proofs.save(proofs.of_model(view, loaded, row), wanted.save, wanted.format)
    scores = view.score(loaded)
    wanted.draw(scores, row, view, loaded.taken)
    if other is not None:
        firmness.compare(scores, row, other)
    elif wanted.since:
        _model_since(view, loaded, row, wanted.since, wanted.format)
    elif wanted.plan:
        _plan(view, loaded, scores, row, wanted.plan)
    elif wanted.format is not Format.table:
        show(scores, loaded.facts, [row], wanted.format)
    else:
        _whole(view, loaded, scores, row)


def _whole(view: ModelView, loaded: Snapshot, scores: Scores, row: int) -> None:
    from terminal import tables
    from terminal.standing import advice, headline, standing

    facts = loaded.subject(str(scores.ids[row]))
    tables.sentences(headline(facts, loaded.days(facts["id"])), *standing(scores, row, loaded.facts))
    say("")
    tables.model(scores, row, facts, loaded)
    tables.changes(advice(view, loaded, scores, row))


def _model_since(view: ModelView, loaded: Snapshot, row: int, since: str, format: Format) -> None:
    """Print why a model moved since an earlier snapshot."""
    from data.models.snapshot import dates
    from scoring.reasons.attribution import Side, of_model
    from terminal.models import known

    _earlier(since, loaded.taken, dates("models"))
    before = sound_snapshot(since, by_position=view.yardstick == "goalposts")
    model = str(loaded.facts.iloc[row]["id"])
    sides = Side.of(loaded, row, view), Side.of(before, known(before, model), view)
    try:
        found = of_model(*sides)
    except ValueError as unknown:
        raise Refused(f"{model}: {unknown}") from None
    firmness.moved(found, model, format)


def _plan(view: ModelView, loaded: Snapshot, scores: Scores, row: int, factors: Sequence[str]) -> None:
    """Print what these improvements give together, or all that its owner could make, and what to do."""
    from scoring.output.plan import plan
    from scoring.scorecards import MODEL
    from terminal.standing import advice
    from terminal.tables import sentences

    todo = {x.line.factor.id: x for x in advice(view, loaded, scores, row).improvements if x.kind == "mend"}
    if not todo:
        raise Refused(f"Nothing that was found of {scores.ids[row]} is left to mend.")
    lacking = [one for one in factors if one not in (*todo, "all")]
    if lacking:
        raise Refused(f"There is nothing to mend in {lacking[0]}{nearest(lacking[0], todo, todo)}")
    chosen = [x for i, x in todo.items() if "all" in factors or i in factors]
    made = plan(scores, row, loaded.facts.iloc[[row]], loaded.yardstick(MODEL, view.yardstick), chosen)
    sentences(made.sentence(), *(f"- {step}" for step in made.steps))
    sentences(*([f"How to convert weights: {made.guide}"] if made.guide else []))
    if made.metadata:
        sentences("Into the metadata at the top of its README.md, with the words in capitals filled in:")
        for line in made.metadata.splitlines():
            say(line)
        sentences(made.hints)


def of_organisation(asked: str, view: OrganisationView, wanted: Wanted) -> None:
    """Print every indicator of an organisation, with its source and date, or what was asked of it."""
    if wanted.plan:
        raise Refused("--plan is about models; an organisation has no single thing to mend.")
    sound = organisations.checker()
    taken = view.month or organisations.newest(sound)
    name = organisations.named(asked, [taken], sound)
    (found,) = organisations.scored([taken], view, sound=sound)
    now, row = found.now, found.now.position[name]
    if wanted.save:
        proofs.save(proofs.of_organisation(view, found, name), wanted.save, wanted.format)
    wanted.draw(of_100(now), row, view, taken)
    if wanted.against:
        firmness.compare(now, row, now.position[organisations.named(wanted.against, [taken], sound)])
    elif wanted.since:
        _organisation_since(view, found, name, wanted.since, wanted.format)
    else:
        _indicators(found, name, wanted.format)


def _organisation_since(
    view: OrganisationView, found: organisations.Scored, name: str, since: str, format: Format
) -> None:
    """Print why an organisation moved since an earlier month."""
    from data.organisations.month import months
    from scoring.reasons.attribution import attribution

    _earlier(since, found.now.as_of, months())
    (before,) = organisations.scored([since], view)
    organisations.named(name, [since], organisations.checker())
    firmness.moved(attribution(found.now, before.now, name), name, format)


def _indicators(found: organisations.Scored, name: str, format: Format) -> None:
    lines = [organisations.line(found, name, one) for one in standings(found.now, name)]
    match format:
        case Format.csv:
            sys.stdout.write(as_csv([lines]))
        case Format.json:
            now, row = found.now, found.now.position[name]
            receipt = {"org": name, "month": now.as_of, "method": now.method.id, "score": float(now.total[row])}
            receipt |= {"rank": int(now.rank[row]), "indicators": lines}
            sys.stdout.write(json.dumps(receipt, allow_nan=False) + "\n")
        case Format.table:
            from terminal.tables import organisation

            organisation(found.rolled, found.now, found.before, name)


def _earlier(since: str, taken: str, days: Sequence[str]) -> None:
    """Refuse a day that has no snapshot, or none before the one that is explained."""
    earlier = [day for day in days if day < taken]
    if not earlier:
        raise Refused(f"There is no snapshot before that of {taken}, so there is nothing that it moved from.")
    if since not in earlier:
        raise Refused(f"There is no snapshot of {since[:40]} before that of {taken}{nearest(since[:40], earlier)}")
