"""The organisation scorecard in words: what docs/factors.md and the Sources page say, read from the declarations."""

from __future__ import annotations

from collections.abc import Iterator

from scoring.groups import groups
from scoring.methods import DEFAULT_METHOD, METHODS
from scoring.types import Factor, Scorecard

HOW: tuple[str, ...] = (
    "Repositories on several platforms, or under several of an organisation’s names, are merged by name, counted once.",
    "Each indicator is a count or a sum of them, or a number that people keep by hand; a greater one is always better.",
    "A method brings the indicators of a month to one scale and joins them to four dimensions and one score.",
    "Unknown (a platform says nothing, or says −1) stays out of a sum; an indicator that is unknown of an organisation "
    "counts as the middle under the documented methods.",
    "An indicator that is equal for all in a month tells nobody apart: it counts neutral and is named.",
    "Scores of two months are each on their own month’s scale; one scale for all months is a switch on the page.",
)

NOT_THIS: tuple[str, ...] = (
    "It counts what is published and used, not how good it is.",
    "It sees the platforms that were crawled; what is published elsewhere is missing.",
    "Numbers that are kept by hand carry no source of their own; the page says which they are.",
    "The order depends on the method. Look at the line under the ranking before you quote a rank.",
)


def uncounted(card: Scorecard) -> tuple[Factor, ...]:
    """Return the indicators that are declared and weigh nothing, because nobody has counted them (all of them) yet."""
    return tuple(f for f in card.factors if f.weight == 0)


def section(card: Scorecard) -> Iterator[str]:
    """Yield the paragraphs of docs/factors.md about the organisation scorecard."""
    yield f"## {card.title} {card.version}"
    yield "### How an influence score comes about"
    yield _list(*HOW)
    yield "### Methods"
    default = {DEFAULT_METHOD: " (default)"}
    yield _list(*(f"**{m.label}** (`method={m.id}`){default.get(m.id, '')}: {m.says}" for m in METHODS.values()))
    names = ", ".join(f"{f.label} (`{f.id}`)" for f in uncounted(card))
    yield f"Declared, and without weight as long as nobody has counted them everywhere: {names}."
    for c in card.categories:
        yield f"### {c.label} influence"
        inside = [f"`{g}` ({len(ids)})" for g, ids in groups(card).items() if g.startswith(f"{c.id}_group_")]
        yield f"Groups, each with a weight of its own on the command line and in the link: {', '.join(inside)}."
        for f in c.factors:
            yield f"#### {f.label}"
            yield f"<a id='{f.id}'></a>**{f.question}** {f.why}"
            weight = f"{f.weight:g} within its dimension" if f.weight else "0 until it is counted"
            said = {"Id": f"`{f.id}`", "Group": f.group, "Unit": f.unit or "none", "Weight": weight}
            said |= {"What an owner can do": f.remedy or "nothing", "Seed line": f.seed or "none"}
            yield _list(*(f"{name}: {text}" for name, text in said.items()))
    yield "### What this score is not"
    yield _list(*NOT_THIS)


def _list(*lines: str) -> str:
    return "\n".join(f"- {line}" for line in lines)
