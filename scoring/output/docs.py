"""The method in words, made from the declarations: what pages/about/method.py shows and docs/factors.md says.

Everything that has a number in it is read from the scorecard or asked of the engine; only the meaning is written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from scoring.ground import LEAST, Count
from scoring.methods import DEFAULT_METHOD, METHODS, MINIMUM_COVERAGE, STANDARD, neutral
from scoring.output import examples
from scoring.reasons import weights
from scoring.reasons.differences import FAR
from scoring.reasons.receipt import receipt, words
from scoring.scorecards import DEFAULT_PRESET, FURTHER, HALF, MODEL, ORGANISATION, PRESET_LABELS, PRESETS
from scoring.types import Factor, Scorecard, UnknownPolicy

STATES: Mapping[str, str] = {
    "Known": "The fact was read, with its source and date. A count that is only a lower bound says “or more”.",
    "Absent": "Somebody looked and it is not there: a real zero, a real no. It counts as such.",
    "Unknown": "Nobody has looked, or the source cut its answer short. It is never treated as zero nor as perfect.",
    "Not applicable": "The question makes no sense for this model. Its share goes to the other factors beside it.",
}

POLICIES: Mapping[UnknownPolicy, tuple[str, str]] = {
    "neutral": (
        "Counts as the middle",
        f"An unknown factor counts {neutral(STANDARD.normalise):g}. "
        "A category in which nothing is known leaves the total. The default.",
    ),
    "zero": ("Counts as nothing", "An unknown factor counts 0. For readers who want proof or nothing."),
    "skip": ("Is left out", "An unknown factor gives its share to the known ones of its category."),
}

COUNTS: Mapping[Count, tuple[str, str]] = {
    "common": (
        "Only what is known of nearly all",
        f"A factor counts if it is known, or does not apply, for at least {LEAST:.0%} of the snapshot’s models. The "
        "others are shown as not counted, with what they would add; a category with none left leaves the total. "
        "The default.",
    ),
    "all": (
        "Everything that is known",
        "Every factor counts. Models that were read more closely then differ from the others for that alone.",
    ),
}

NOT_THIS: tuple[str, ...] = (
    "It is no audit: no file of a model is downloaded, opened or run. The scan results are the Hub’s.",
    "It is no benchmark: it says nothing about how well a model answers.",
    "It is no certificate: a high total is no proof that a model is safe to load.",
    "“Established” only says that an owner has several liked models and has been there for a year.",
    "It is no single moment: facts were read on different days, and every one shows its own. Where two models are "
    f"compared, no value is called the better one if they were read more than {FAR} days apart.",
    "Its weights are an opinion. Move them, and see whether your choice depends on them.",
)

ORGANISATION_HOW: tuple[str, ...] = (
    "Repositories on several platforms, or under several of an organisation’s names, are merged by name, counted once.",
    "Each indicator is a count or a sum of them, or a number that people keep by hand; a greater one is always better.",
    "A method brings the indicators of a month to one scale and joins them to four dimensions and one score.",
    f"Under the documented methods an indicator counts if it is known for at least {HALF:.0%} of the month’s "
    "organisations; the others are shown, and `count=all` counts them too. What is published has its own indicators.",
    "Unknown (a platform gives no number, or −1) stays out of a sum; an indicator that is unknown of an organisation "
    "counts as the middle under the documented methods.",
    "An indicator that is equal for all in a month distinguishes nobody: it counts neutral and is named.",
    "Scores of two months are each on their own month’s scale; one scale for all months is a switch on the page.",
)

ORGANISATION_NOT_THIS: tuple[str, ...] = (
    "It counts what is published and used, not how good it is.",
    "It sees the platforms that were crawled; what is published elsewhere is missing.",
    "Numbers that are kept by hand carry no source of their own; the page says which they are.",
    "The order depends on the method. Look at the line above the bars before you quote a rank.",
)

# Measured by tests/data/models/test_name_check.py on the tables of the bundle.
NAME_CHECK: tuple[str, ...] = (
    "It compares an owner’s name with those of the 1,000 owners who have most downloads, and says “looks like”.",
    "It finds a typing slip (two in a long name), swapped neighbours, look-alike characters (0 for o, rn for m, a "
    "capital I for an l), and a well-known name with a word such as “official” added.",
    "Every single slip in a name of four or more characters is found. Of 10,502 real owners who are not well known, "
    "at most 35 in 10,000 are flagged, all of them low.",
    "It does not find every impersonation: of 12 known cases it finds 3. The others copied a model under a name that "
    "looks like nobody’s, and no check of names can see that.",
    "The same model name under another owner is common and mostly honest; it is no sign of anything by itself.",
)


def how(card: Scorecard) -> tuple[str, ...]:
    """Say in five sentences how a total comes about."""
    limits = " or ".join(dict.fromkeys(f"{cap.limit:g}" for cap in card.caps))
    cap = f" A grave finding holds the total at {limits}, whatever else is true." if card.caps else ""
    return (
        f"Each of {len(card.factors)} factors asks one question of a {card.subject} and answers it from dated facts.",
        "Its curve turns the answer into a value from 0 to 1, between goalposts that stay where they are, so that a "
        "score means the same in every snapshot and under every filter.",
        "Inside a category the values are averaged by the factors’ weights; the total is the average of the "
        f"{len(card.categories)} categories by theirs, times 100.",
        "What is unknown counts as the middle by default, and beside the total stands the interval from the worst to "
        "the best that it could be if everything were known.",
        f"What is known for at least {LEAST:.0%} of a snapshot’s models counts by default, so that reading more "
        f"decides no order; who is known to less than {MINIMUM_COVERAGE:.0%} of that is listed but not ranked.{cap}",
    )


def scale_words(f: Factor) -> str:
    """Say how the answer to a factor's question becomes 0..1."""
    if f.id in examples.SWEEPS:
        return examples.SWEEPS[f.id].words
    if f.levels or f.curve == "yes_no":
        points = examples.curve(f)
        counted = zip(points["x"], points["scaled"].round(6), strict=True)
        return "; ".join(f"{word}: {value:g}" for word, value in counted) + "."
    worst, best = (f.low, f.high) if f.better == "higher" else (f.high, f.low)
    beyond = "more" if f.better == "higher" else "fewer"
    between = "in steps of magnitude, log(1 + x)" if f.curve == "log" else "evenly"
    return f"0 at {worst:,.0f} {f.unit}, 1 at {best:,.0f} or {beyond}; {between} in between.".replace("  ", " ")


def facts_of(card: Scorecard, f: Factor) -> dict[str, str]:
    """Return what the declaration of a factor says, as pairs of a name and a text."""
    own = f.id in examples.SWEEPS
    goalposts = {"Goalposts": f"{f.low:,.0f} and {f.high:,.0f} {f.unit}".strip()}
    return (goalposts if f.curve in ("linear", "log") and not own else {}) | {
        "Better": f"{f.better}, on a {'curve of its own' if own else f.curve.replace('_', '/') + ' curve'}",
        "Weight": f"{f.weight:g} within its category, {card.shares()[f.id]:.2%} of the total",
        "What an owner can do": f.remedy or "nothing",
        "Seed line": f.seed or "none",
    }


def worked(f: Factor) -> list[tuple[str, str]]:
    """Return a factor's examples: the facts in words, and the value that the engine gives them."""
    states = {"unknown": "unknown", "not_applicable": "not applicable"}
    answers = ((e.facts, *examples.answer(f, e.facts)) for e in examples.of(f))
    return [(_facts_in_words(f, facts), states.get(state) or _value(value)) for facts, state, value in answers]


def worked_total(card: Scorecard) -> list[dict[str, str]]:
    """Return one imagined model, worked out by the engine: a row a factor, then a row a category, then the total."""
    scores = examples.whole(card)
    lines = receipt(scores, 0, examples.WHOLE)
    rows = [
        {
            "category": x.category.label,
            "factor": x.factor.label,
            "fact": words(x),
            "value": _value(x.scaled),
            "of the total": f"{x.share:.2%}",
            "points": f"{x.points:.2f}",
        }
        for x in lines
    ]
    for c in card.categories:
        mine = [x for x in lines if x.category.id == c.id]
        share, points = sum(x.share for x in mine), float(scores.by_category[c.id].iloc[0])
        rows.append(
            {"category": c.label, "factor": "together", "of the total": f"{share:.2%}", "points": f"{points:.2f}"}
        )
    interval = f"{scores.low[0]:.2f} – {scores.high[0]:.2f} once all is known"
    rows.append({"category": "Total", "fact": interval, "of the total": "100.00%", "points": f"{scores.total[0]:.2f}"})
    return rows


def presets(card: Scorecard) -> list[dict[str, str]]:
    """Return the presets as rows: the weights of the categories."""
    rows = []
    for name, changes in PRESETS.items():
        weights = card.with_weights(changes).weights()
        label = PRESET_LABELS[name] + (" (default)" if name == DEFAULT_PRESET else "")
        rows.append({"preset": label} | {c.label: f"{weights[c.id]:g}" for c in card.categories})
    return rows


def preset_changes(card: Scorecard) -> dict[str, str]:
    """Say which factor weights a preset sets; presets that leave them alone are left out."""
    ids = {c.id for c in card.categories}
    changed = {
        PRESET_LABELS[name]: ", ".join(f"{card.factor(i).label} {w:g}" for i, w in changes.items() if i not in ids)
        for name, changes in PRESETS.items()
    }
    return {label: changes for label, changes in changed.items() if changes}


def caps(card: Scorecard) -> list[str]:
    """Say what holds a total down."""
    return [f"At most {cap.limit:g} when {cap.label}." for cap in card.caps]


def finds(f: Factor, asked: str) -> bool:
    """Whether every word of a search is somewhere in a factor's declaration."""
    text = " ".join((f.id, f.label, f.question, f.why, f.remedy, f.seed, *f.reads, *(f.levels or ()))).lower()
    return all(word in text for word in asked.lower().split())


def factors_markdown(cards: Iterable[Scorecard]) -> str:
    """Write docs/factors.md: every scorecard, category and factor, generated from the declarations."""
    parts = [
        "# Factors",
        "Generated by `weighbridge docs` from the declarations in `scoring/`; edit those, not this file.",
    ]
    for card in cards:
        parts += _organisation_section(card) if card.id == ORGANISATION.id else _card_section(card)
    return "\n\n".join(parts) + "\n"


def _card_section(card: Scorecard) -> Iterator[str]:
    yield f"## {card.title} {card.version}"
    yield "### How a total comes about"
    yield _list(how(card))
    yield "### What can be known of a fact"
    yield _list(f"**{name}**: {text}" for name, text in STATES.items())
    yield "### What counts"
    yield _list(f"**{label}** (`count={count}`): {text}" for count, (label, text) in COUNTS.items())
    yield "### What is done about the unknown"
    yield _list(f"**{label}** (`unknown={policy}`): {text}" for policy, (label, text) in POLICIES.items())
    if card.caps:
        yield "### What holds a total down"
        yield _list(caps(card))
    if card.id == MODEL.id:
        yield "### Presets"
        yield _table(presets(card))
        yield _list(f"{label} also sets {changes}." for label, changes in preset_changes(card).items())
        for preset, label in PRESET_LABELS.items():
            yield f"#### Why the weights of {label}"
            yield _table(weights.table(preset))
    for c in card.categories:
        yield f"### {c.label}"
        yield f"Weight {c.weight:g}, {sum(card.shares()[f.id] for f in c.factors):.1%} of the total."
        for f in c.factors:
            yield from _factor_section(card, f)
    if card.id == MODEL.id:
        yield "### One total, worked out"
        yield "An imagined model; every number here is what the engine made of its facts."
        yield _table(worked_total(card))
        yield "### What the name check finds"
        yield _list(NAME_CHECK)
    yield "### What this score is not"
    yield _list(NOT_THIS)


def _factor_section(card: Scorecard, f: Factor) -> Iterator[str]:
    yield f"#### {f.label}"
    yield f"<a id='{f.id}'></a>**{f.question}** {f.why}"
    declared = {"Id": f"`{f.id}`", "Facts": ", ".join(f"`{fact}`" for fact in f.reads), "Scale": scale_words(f)}
    declared |= facts_of(card, f)
    yield _list(f"{name}: {text}" for name, text in declared.items())
    if rows := worked(f):
        yield _table([{"facts": facts, "value": value} for facts, value in rows])


def _organisation_section(card: Scorecard) -> Iterator[str]:
    yield f"## {card.title} {card.version}"
    yield "### How an influence score comes about"
    yield _list(ORGANISATION_HOW)
    yield "### Methods"
    default = {DEFAULT_METHOD: " (default)"}
    yield _list(f"**{m.label}** (`method={m.id}`){default.get(m.id, '')}: {m.summary}" for m in METHODS.values())
    names = ", ".join(f"{card.factor(i).label} (`{i}`)" for i in FURTHER)
    yield f"In the list and in no table of the reference project, so without weight as published: {names}."
    for c in card.categories:
        yield f"### {c.label} influence"
        inside = [f"`{g}` ({len(ids)})" for g, ids in card.groups.items() if g.startswith(f"{c.id}_group_")]
        yield f"Groups, each with a weight of its own on the command line and in the link: {', '.join(inside)}."
        for f in c.factors:
            yield from _indicator_section(f)
    yield "### What this score is not"
    yield _list(ORGANISATION_NOT_THIS)


def _indicator_section(f: Factor) -> Iterator[str]:
    yield f"#### {f.label}"
    yield f"<a id='{f.id}'></a>**{f.question}** {f.why}"
    weight = f"{f.weight:g} within its dimension{', 0 as published' if f.id in FURTHER else ''}"
    declared = {"Id": f"`{f.id}`", "Group": f.group, "Unit": f.unit or "none", "Weight": weight}
    declared |= {"What an owner can do": f.remedy or "nothing", "Seed line": f.seed or "none"}
    yield _list(f"{name}: {text}" for name, text in declared.items())


def _facts_in_words(f: Factor, facts: Mapping[str, examples.Value]) -> str:
    """Say facts in words; a flag that is false says nothing."""
    words = (_fact_in_words(f, fact, value) for fact, value in facts.items())
    return ", ".join(filter(None, words)).replace(", or more", " or more")


def _fact_in_words(f: Factor, fact: str, value: examples.Value) -> str:
    name = fact.replace("_", " ")
    if fact.endswith("_at_least"):
        return "or more" if value else ""
    match value:
        case None:
            return f"{name} unknown"
        case bool():
            return f"{name}: {'yes' if value else 'no'}"
        case str():
            return f"{name}: {value.replace('_', ' ')}"
        case _:
            is_count = fact == f.reads[0] and f.unit and f.id not in examples.SWEEPS
            return f"{value:,} {f.unit}" if is_count else f"{name} {value:,}"


def _value(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _table(rows: list[dict[str, str]]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = [columns, ["---"] * len(columns), *([row.get(c, "") for c in columns] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
