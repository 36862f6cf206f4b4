"""The body of a subject's page: where its points come from, line by line, and what would change or moved them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from charts import breakdown
from components import attribution, links
from components.reference import draw
from components.text import plain
from scoring.reasons.comparison import Movement, movement
from scoring.reasons.influence import name
from scoring.reasons.receipt import (
    Line,
    Standing,
    alike,
    clause,
    day,
    for_and_against,
    points_in_words,
    to_hundredths,
    words,
)
from scoring.reasons.whatif import Advice, Improvement
from scoring.scores import Scores
from scoring.types import Evidence

UNKNOWN = "unknown"
MOST_MODELS = 8
STATES = {
    "known": "● known",
    "absent": "○ absent",
    "unknown": "? unknown",
    "not_applicable": "– not applicable",
    "at_least": "≥ at least",
}
LEGEND = (
    "● known · ○ absent: somebody looked and it is not there · ? unknown: nobody looked · – the question does not "
    "apply, its share goes to the others · ≥ known as a lower bound"
)
KINDS = {
    "mend": "**Mend** what was found",
    "make_known": "**Find out** what nobody looked at: found good / found bad",
}
NOT_READ = "not read yet"
STRONGEST = 6


def reasons(lines: Sequence[Line], evidence: Mapping[str, Evidence], scores: Scores, row: int) -> None:
    """Draw where the points of a model come from: as bars, in sentences, and factor by factor."""
    st.header("Where its points come from", anchor=False)
    bars(lines, scores)
    arguments(lines)
    st.header("Every factor", anchor=False)
    table(lines, evidence, scores, row)


def bars(lines: Sequence[Line], scores: Scores) -> None:
    """Draw the categories against what they could give, and the factors of one once it is picked."""
    card = scores.card
    draw(breakdown.categories(lines, card), breakdown.alt(lines, card), "categories")
    labels = [c.label for c in card.categories]
    picked = st.segmented_control("Factors of", labels, key="factors", bind="query-params")
    if inside := [line for line in lines if line.category.label == picked]:
        draw(breakdown.factors(inside), breakdown.alt(inside, card), "factors_chart")


def table(lines: Sequence[Line], evidence: Mapping[str, Evidence], scores: Scores, row: int) -> None:
    """Draw every factor as a row: what was found, its points, its source and day; all its numbers are a click away."""
    points = to_hundredths(line.points for line in lines)
    columns = ["Factor", "Found", "Points", "Source and day"]
    drawn = pd.DataFrame(_receipt(lines, points, evidence), columns=columns)
    st.table(drawn, hide_index=True, border="horizontal", alt="Every factor with what was found, points, source, day.")
    total, uncapped = float(scores.total[row]), float(scores.uncapped[row])
    total_line = f"**Sum of the {len(lines)} factors: {sum(points):.2f} points**"
    if np.isnan(total):
        total_line = "**No sum:** nothing that counts is known"
    elif uncapped > total:
        total_line += f", held at **{total:.2f}**"
    notes = ((line.factor.label, evidence[line.factor.id].note) for line in lines)
    small = [f"{LEGEND}.", *(f"{label}: {plain(note)}" for label, note in notes if note)]
    st.markdown(f"{total_line}.")
    st.caption("  \n".join(small))
    with st.expander("All numbers, in columns that sort", key="numbers", on_change="rerun") as body:
        if body.open:
            _numbers(_rows(lines, points, evidence))


def _numbers(rows: pd.DataFrame) -> None:
    st.dataframe(
        rows,
        hide_index=True,
        height="content",
        placeholder="counts",  # the only column that may be empty is what would be added
        column_config={
            "Factor": st.column_config.TextColumn(pinned=True, width=150),
            "Question": st.column_config.TextColumn(width=330),
            "Found": st.column_config.TextColumn(width=200),
            "State": st.column_config.TextColumn(width=110),
            "Scaled": st.column_config.TextColumn(help="0 to 1, after its curve", alignment="right", width=110),
            "Share": st.column_config.NumberColumn(help="of the total", format="%.1f %%", width=70),
            "Points": st.column_config.NumberColumn(help="100 × share × scaled", format="%.2f", width=70),
            "Would add": st.column_config.NumberColumn(
                help="What it would give if everything that is known counted.", format="%.2f", width=85
            ),
            "Check": st.column_config.LinkColumn(display_text="look it up", help="The page that shows it today"),
        },
        alt="Every factor of this model with its value, share, points, source and date.",
    )


def _receipt(
    lines: Sequence[Line], points: Sequence[float], evidence: Mapping[str, Evidence]
) -> Iterator[tuple[str, str, str, str]]:
    """Yield the rows of the receipt, each category under its name; factors that say the same are one row."""
    given = {line.factor.id: one for line, one in zip(lines, points, strict=True)}
    category = ""
    for group in alike(lines):
        first = group[0]
        if first.category.label != category:
            category = first.category.label
            inside = [x for x in lines if x.category.label == category]
            earned, possible = sum(given[x.factor.id] for x in inside), sum(x.possible for x in inside)
            counts = f"**{earned:.2f}** of {possible:.2f}" if possible else "not counted"
            yield f"**{plain(category)}**", "", counts, ""
        state = "at_least" if first.at_least else first.state
        own = evidence[first.factor.id]
        read = plain(f"{own.source}, {day(own.as_of)}") if own.source else NOT_READ
        yield (
            " and ".join(plain(x.factor.label if n == 0 else x.factor.label.lower()) for n, x in enumerate(group)),
            f"{STATES[state].partition(' ')[0]} {plain(words(first))}",
            _given(group, sum(given[x.factor.id] for x in group)),
            f"{read} ([check]({own.url}))",
        )


def _given(group: Sequence[Line], points: float) -> str:
    first = group[0]
    if first.would_add is not None:
        return f"not counted, would add {sum(x.would_add or 0 for x in group):.2f}" if first.known else "not counted"
    possible = sum(x.possible for x in group)
    return f"{points:.2f} of {max(points, possible):.2f}" if possible else "does not count"


def arguments(lines: Sequence[Line]) -> None:
    """Draw what counts for and against a subject, strongest first, in plain sentences."""
    counts_for, against = for_and_against(list(lines))
    left, right = st.columns(2, gap="large")
    with left:
        _listed("What counts for it", counts_for, ":material/add_circle:", "Nothing known lifts it above the middle.")
    with right:
        _listed("What counts against it", against, ":material/remove_circle:", "Nothing known holds it back.")


def advice(found: Advice, scores: Scores, row: int) -> None:
    """Draw what would change a rank: what is to mend and what is to find out, each with its points and places."""
    st.header("What would change its rank", anchor=False)
    total = float(scores.total[row])
    if np.isnan(total):
        st.markdown(":gray[Nothing is known about it yet, so there is nothing to advise.]")
        return
    st.caption(
        "Each line scores the model anew, under your weights, with that one thing changed; places are those among all "
        "that are ranked, who stay as they are. Gains do not simply add up. Left out is what would neither document "
        "the model better nor make it safer."
    )
    rows: list[tuple[str, str, str, str]] = []
    for kind, heading in KINDS.items():
        inside = [x for x in found.improvements if x.kind == kind]
        if inside or kind == "mend":
            rows.append((heading, "", "", ""))
            rows += [(what, _gain(x), _places(x.rise, x.fall), now) for x in inside for what, now in [_advised(x)]]
        if not inside and kind == "mend":
            rows.append(("Nothing that was found is left to mend.", "", "", ""))
        elif kind == "mend":
            together = f"**{total:.1f} → {found.all_mended:.1f}**"
            rows.append(("**All of it together**", together, _places(found.all_rise, 0), ""))
    drawn = pd.DataFrame(rows, columns=["What", "Points", "Places", "Now"])
    st.table(drawn, hide_index=True, border="horizontal", alt="What would change the rank, with points and places.")


def indicators(lines: Sequence[Standing], evidence: Mapping[str, Evidence]) -> None:
    """Draw every indicator: what was found, what the method makes of it, its rank, who leads, and where it is from."""
    rows = [
        {
            "Indicator": x.factor.label,
            "Dimension": x.category.label,
            "Group": x.factor.group,
            "Value": x.value,
            "Scaled": None if x.scaled is None else 100 * x.scaled,
            "Rank": None if x.rank is None else int(x.rank),
            "Leader": _leaders(x),
            "Most": x.most,
            "Share": 100 * x.share,
            "Counts": "yes" if x.factor.weight > 0 and x.most is not None else "no",
            "Source": ", ".join(t for t in (evidence[x.factor.id].source, evidence[x.factor.id].note) if t) or UNKNOWN,
            "As of": day(evidence[x.factor.id].as_of) or UNKNOWN,
        }
        for x in lines
    ]
    st.dataframe(
        pd.DataFrame(rows).astype({"Value": "Float64", "Scaled": "Float64", "Rank": "Int64", "Most": "Float64"}),
        hide_index=True,
        placeholder=UNKNOWN,
        height=420,
        column_config={
            "Indicator": st.column_config.TextColumn(pinned=True, width=190),
            "Value": st.column_config.NumberColumn(format="localized"),
            "Scaled": st.column_config.NumberColumn(
                format="%.1f", help="What the method makes of the value, 0 to 100."
            ),
            "Most": st.column_config.NumberColumn(format="localized", help="What the leader has."),
            "Share": st.column_config.NumberColumn(format="%.1f %%", help="of the score"),
            "Counts": st.column_config.TextColumn(help="No: nobody has counted it yet, or its weight is 0."),
        },
        alt="Every indicator with its value, scaled value, rank, leader, share, source and date.",
    )


def moved(now: Scores, before: Scores | None, usual: Scores | None, organisation: str) -> None:
    """Say what moved an organisation since the month `before`, and draw the parts of each cause.

    `usual` is that month under the usual weights and method, so that the reader's own have their parts.
    """
    found = movement(now, before, organisation) if before and organisation in before.position else None
    newcomers = len(set(now.position) - set(before.position)) if before else 0
    changes(found, newcomers, before.as_of if before else None)
    if not usual or organisation not in usual.position:
        return
    attribution.of_organisation(now, usual, organisation)


def changes(found: Movement | None, newcomers: int, earlier: str | None) -> None:
    """Say what moved an organisation since the month before (`earlier`), and which of its own numbers changed."""
    if found is None:
        why = "It was not ranked in the month before" if earlier else "No month lies about thirty days before this one"
        st.info(f"{why}, so what moved it is unknown.", icon=":material/help:")
        return
    more = f" {newcomers} organisations are new this month; they count among the others." if newcomers else ""
    st.markdown(plain(found.sentence() + more))
    if not found.changes:
        st.caption("None of its own numbers changed.")
        return
    columns = ["Indicator", "Before", "Now", "Scaled before", "Scaled now"]
    rows = [(c.factor.label, c.before, c.now, c.scaled_before, c.scaled_now) for c in found.changes]
    number, scaled = (st.column_config.NumberColumn(format=f) for f in ("localized", "%.1f"))
    table = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[1:], "Float64"))
    table[columns[3:]] *= 100
    st.dataframe(
        table,
        hide_index=True,
        placeholder=UNKNOWN,
        height=min(320, 40 + 35 * len(rows)),
        column_config={"Before": number, "Now": number, "Scaled before": scaled, "Scaled now": scaled},
        alt="The organisation's own numbers that changed since the month before.",
    )
    st.caption(
        "A scaled value places a number between the least (0) and the most (100) of that month. It also changes when "
        "another organisation sets a new least or most."
    )


def repositories(rows: pd.DataFrame) -> None:
    """Draw the repositories behind the numbers: sortable, with their links; what is unknown says so."""
    st.dataframe(
        rows.assign(Read=pd.to_datetime(rows["Read"], errors="coerce")),
        hide_index=True,
        placeholder=UNKNOWN,
        height=min(420, 40 + 35 * max(1, len(rows))),
        column_config={
            "Name": st.column_config.TextColumn(pinned=True, width=230),
            "Downloads": st.column_config.NumberColumn("Downloads, last month", format="localized"),
            "Likes": st.column_config.NumberColumn(format="localized", width=95),
            "Threads": st.column_config.NumberColumn(format="localized", width=95, help="Discussions, pull requests"),
            "Read": st.column_config.DateColumn(format="D MMMM YYYY", width=130),
            "Link": st.column_config.LinkColumn(display_text="open"),
        },
        alt="The repositories of the organisation with platform, downloads, likes and links.",
    )


def models(ids: Sequence[str]) -> None:
    """Draw links to those of its models that the model scorecard scores, most downloads first."""
    if not ids:
        st.caption("None of these is in the snapshot of the model scorecard.")
        return
    st.markdown(f"**{len(ids)} of these are in the model scorecard:**")
    with st.container(horizontal=True, vertical_alignment="center"):
        for model in ids[:MOST_MODELS]:
            links.link_to("model", model, icon=":material/deployed_code:", model=model)
    if len(ids) > MOST_MODELS:
        st.caption(f"and {len(ids) - MOST_MODELS} more; the links at the top of the page lead to all of them.")


def _rows(lines: Sequence[Line], points: Sequence[float], evidence: Mapping[str, Evidence]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Factor": line.factor.label,
            "Found": words(line),
            "State": STATES["at_least" if line.at_least else line.state]
            + ("" if line.would_add is None else ", not counted"),
            "Points": given,
            "Would add": line.would_add if line.known else None,
            "Share": 100 * line.share,
            "Scaled": _scaled(line),
            "Question": line.factor.question,
            "Source": evidence[line.factor.id].source or NOT_READ,
            "Check": evidence[line.factor.id].url,
            "As of": day(evidence[line.factor.id].as_of) or NOT_READ,
            "Category": line.category.label,
        }
        for line, given in zip(lines, points, strict=True)
    )


def _listed(title: str, lines: Sequence[Line], sign: str, none: str) -> None:
    st.subheader(title, anchor=False)
    if not lines:
        st.markdown(f":gray[{none}]")
        return
    st.markdown(
        "\n\n".join(f"{sign} {plain(clause(x))} :gray[({plain(points_in_words(x))})]" for x in lines[:STRONGEST])
    )
    if len(lines) > STRONGEST:
        st.caption(f"and {len(lines) - STRONGEST} more in the table below")


def _advised(x: Improvement) -> tuple[str, str]:
    if x.kind == "make_known":
        return plain(x.line.factor.question), "unknown"
    return _coded(x.line.factor.remedy), plain(clause(x.line))


def _coded(text: str) -> str:
    """Plain text but for what stands between backticks: a key to type."""
    parts = text.split("`")
    return "".join(
        f"`{part}`" if n % 2 else re.sub(r"\S+", lambda w: plain(w[0]), part) for n, part in enumerate(parts)
    )


def _gain(x: Improvement) -> str:
    gain = f"**+{x.gain:.1f}**" if round(x.gain, 1) else f"+0.0 (sum +{x.on_sum:.1f})" if round(x.on_sum, 1) else "none"
    return f"{gain}\u00a0/ −{-x.loss:.1f}" if round(x.loss, 1) else gain


def _places(rise: int, fall: int) -> str:
    up, down = f"▲\u00a0{rise:,}" if rise else "none", f"▼\u00a0{fall:,}"
    return f"{up} / {down}" if fall else up


def _scaled(line: Line) -> str:
    if line.state == "not_applicable":
        return "not applicable"
    if line.known and line.scaled is not None:
        return f"{line.scaled:.2f}"
    return "unknown" if line.scaled is None else f"unknown ({line.scaled:.2f})"


def _leaders(x: Standing) -> str:
    if x.most is None:
        return UNKNOWN
    names = ", ".join(map(name, x.leaders[:3]))
    more = f" and {len(x.leaders) - 3} more" if len(x.leaders) > 3 else ""
    return names + more if names else "nobody"
