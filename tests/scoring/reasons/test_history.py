"""A subject over the snapshots: each fact once, in words; what changed has a sign, the unknown is said."""

from scoring.engine import score
from scoring.reasons import history
from scoring.reasons.history import LESS, MORE, OTHER, Moment
from scoring.reasons.receipt import plain
from scoring.scorecards import MODEL
from tests import records

BEFORE = {
    "downloads_30d": 1_200,
    "likes": 7,
    "spaces": 100,
    "spaces_at_least": False,
    "provider": 1,
    "age_days": 400,
    "days_since_update": 30,
    "age_at_least": True,
    "authorization": "none",
    "gated": False,
    "license_stated": True,
    "license_in_metadata": True,
    "license_class": "non_commercial",
    "weight_formats": "mixed",
    "unsafe_files": 3,
    "unsafe_level": "code_only",
    "hub_scan": "safe",
}
AFTER = BEFORE | {
    "downloads_30d": 900,
    "likes": 9,
    "spaces_at_least": True,
    "gated": True,
    "license_stated": False,
    "license_in_metadata": False,
    "license_class": None,
    "provider": 2,
    "hub_scan": None,
}


def moments(*rows):
    made = []
    for n, row in enumerate(rows):
        table = records.frame([row])
        facts = {str(name): plain(value) for name, value in table.iloc[0].items()}
        made.append(Moment(f"2026-1{n}-08", score(MODEL, table), facts))
    return made


def words(rows):
    return {row.id: tuple(cell.words for cell in row.cells) for row in rows}


def test_every_fact_that_a_factor_reads_has_one_row():
    rows = history.facts(moments(BEFORE, AFTER))
    read = {fact for f in MODEL.factors for fact in f.reads if not fact.endswith("_at_least")}
    assert sorted(row.id for row in rows) == sorted(read)
    assert len({row.label for row in rows}) == len(rows)


def test_counts_beside_the_card_come_last_and_their_gaps_are_unknown():
    rows = history.facts(moments(BEFORE | {"citations": 1200}, AFTER, AFTER | {"citations": 7}), {"citations": "Cited"})
    assert (rows[-1].label, rows[-1].signs) == ("Cited", ("", OTHER, OTHER))
    assert [cell.words for cell in rows[-1].cells] == ["1,200", "unknown", "7"]


def test_facts_are_said_in_words():
    said = words(history.facts(moments(BEFORE, AFTER)))
    assert said["downloads_30d"] == ("1,200 downloads", "900 downloads")
    assert said["spaces"] == ("100 Spaces", "100 or more Spaces")
    assert said["age_days"] == ("400 or more days", "400 or more days")
    assert said["days_since_update"] == ("30 days", "30 days")
    assert said["provider"] == ("established owner", "official organisation")
    assert said["gated"] == ("no", "yes")
    assert said["license_class"] == ("non-commercial", "does not apply: no licence in its metadata")
    assert said["unsafe_files"] == ("3 files", "3 files")
    assert said["unsafe_level"] == ("scripts only", "scripts only")
    assert said["hub_scan"] == ("safe", "unknown")
    assert said["papers"] == ("unknown", "unknown")


def test_what_changed_has_a_sign():
    signs = {row.id: row.signs for row in history.facts(moments(BEFORE, AFTER))}
    assert signs["downloads_30d"] == ("", LESS)
    assert signs["likes"] == ("", MORE)
    assert {signs[fact] for fact in ("spaces", "provider", "gated", "license_class", "hub_scan")} == {("", OTHER)}
    assert {signs[fact] for fact in ("papers", "age_days", "weight_formats")} == {("", "")}


def test_changes_are_counted_between_neighbours():
    likes = next(r for r in history.facts(moments(BEFORE, AFTER, AFTER, BEFORE)) if r.id == "likes")
    assert likes.signs == ("", MORE, "", LESS)
    assert likes.changes == 2


def test_the_scores_are_the_engines_with_one_decimal():
    first, *_ = before, after = moments(BEFORE, AFTER)
    rows = {row.id: row for row in history.scores([before, after])}
    assert list(rows) == ["total", *(c.id for c in MODEL.categories)]
    assert rows["total"].cells[0].words == f"{first.scores.total[0]:.1f}"
    assert rows["activity"].cells == (history.Cell(), history.Cell())  # nothing in it is known
    assert rows["total"].cells[1].number == round(float(after.scores.total[0]), 1)


def test_of_which_nothing_is_known_everything_is_unknown():
    (total, *_), facts = history.scores(moments({}, {})), history.facts(moments({}, {}))
    assert total.cells[0].words == "unknown"
    assert {cell.words for row in facts for cell in row.cells} <= {"unknown"}
