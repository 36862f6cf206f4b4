"""`weighbridge explain --save` and `weighbridge verify`: receipts as files, and whether they follow from the facts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

import typer

from data.archive import SnapshotError
from scoring.output import proof
from scoring.view import ModelView, OrganisationView
from terminal import organisations
from terminal.messages import Format, Refused, complain, reason, say

if TYPE_CHECKING:
    from data.models.snapshot import Snapshot

Save = Annotated[
    Path | None, typer.Option("--save", metavar="FILE", help="Save the receipt as JSON, for `weighbridge verify`.")
]


def of_model(view: ModelView, loaded: Snapshot, position: int) -> dict[str, Any]:
    """Return the receipt of a model of a snapshot."""
    from data.models.facts import FACTS, SITE
    from scoring.scorecards import MODEL

    scores = view.score(loaded)
    model = str(scores.ids[position])
    facts = loaded.subject(model)
    names = {f.id: f.reads[0] for f in MODEL.factors}
    address = f"{SITE}/{quote(model)}"
    evidence = {i: loaded.evidence(model, name, facts[name], address + FACTS[name].page) for i, name in names.items()}
    fingerprint = loaded.manifest["sha256"]["facts.parquet"]
    return proof.proof(
        scores, position, facts, evidence, view=view, kind="models", taken=loaded.taken, fingerprint=fingerprint
    )


def of_organisation(view: OrganisationView, found: organisations.Scored, name: str) -> dict[str, Any]:
    """Return the receipt of an organisation of a month."""
    from data.organisations.provenance import evidence

    now, month = found.now, found.rolled.month
    origins = {f.id: evidence(found.rolled, name, f.id) for f in now.card.factors}
    print_ = month.manifest["sha256"]["repositories.parquet"]
    return proof.proof(
        now,
        now.position[name],
        {},
        origins,
        view=view,
        kind="organisations",
        taken=month.taken,
        fingerprint=print_,
    )


def save(content: dict[str, Any], path: Path, format: Format) -> None:
    """Write a receipt to a file, and say so: beside JSON or CSV on standard error."""
    try:
        path.write_text(proof.written(content), "utf-8")
    except OSError as error:
        raise Refused(f"{path} cannot be written: {reason(error)}.") from None
    write = say if format is Format.table else complain
    write(f"The receipt of {content['subject']} is saved in {path}; `weighbridge verify {path}` checks it.")


def verify(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A receipt that `weighbridge explain --save` wrote.")],
) -> None:
    """Compute a saved receipt anew and say what differs.

    It is computed from the facts of the snapshot that it names. The exit code is 1 if anything differs, and 2 if it
    cannot be checked.
    """
    kept = _kept(path)
    try:
        made = _anew(kept)
    except (SnapshotError, ValueError) as wrong:
        raise Refused(f"{path} cannot be checked: {wrong}") from None
    found = proof.differences(kept, made)
    if not found:
        say(
            f"Verified: all {len(made['lines'])} lines of {made['subject']} and their sum of {made['sum']:.2f} points "
            f"follow from the snapshot of {made['snapshot']}."
        )
        return
    more = f"; {len(found) - 1} more {'thing differs' if len(found) == 2 else 'things differ'}" if found[1:] else ""
    say(f"{path} does not verify: {found[0]}{more}.")
    raise typer.Exit(1)


def _kept(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > proof.MOST_BYTES:
            raise Refused(f"{path} is too large for a receipt.")
        return proof.read(path.read_text("utf-8"))
    except OSError as error:
        raise Refused(f"{path} cannot be read: {reason(error)}.") from None
    except UnicodeDecodeError:
        raise Refused(f"{path} cannot be read: it is not UTF-8 text.") from None
    except Refused:
        raise
    except ValueError as wrong:
        raise Refused(f"{path} is no receipt: {wrong}.") from None


def _anew(kept: dict[str, Any]) -> dict[str, Any]:
    """Make the receipt of the same subject under the same view. ValueError where there is none."""
    params = {str(key): value if isinstance(value, list) else [value] for key, value in kept["view"].items()}
    subject, taken = kept["subject"], kept["snapshot"]
    if kept["kind"] == "models":
        from data.models.snapshot import load

        view, wrong = ModelView.parse(params)
        loaded = load(taken)
        _require(not wrong, " ".join(wrong))
        _require(subject in loaded.position, f"there is no model {subject[:100]} in the snapshot of {taken}.")
        return of_model(view, loaded, loaded.position[subject])
    organisation, wrong = OrganisationView.parse(params)
    _require(not wrong, " ".join(wrong))
    (found,) = organisations.scored([taken], organisation)
    _require(subject in found.now.position, f"there is no organisation {subject[:100]} in the month of {taken}.")
    return of_organisation(organisation, found, subject)


def _require(holds: object, sentence: str) -> None:
    if not holds:
        raise ValueError(sentence)
