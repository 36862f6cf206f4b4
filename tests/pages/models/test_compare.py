"""The Compare page, alone and through app.py: differences marked, close calls called close, a sentence for the rest."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.sidebyside import APART, BEST, DIFFERS, SAME
from components.text import plain
from data.models import build
from scoring.scorecards import MODEL

ROOT = Path(__file__).resolve().parents[3]
PAGE = "pages/models/compare.py"
MODELS = [json.loads(line) for line in (ROOT / "tests" / "fixtures" / "models.jsonl").read_text().splitlines()]
IDS = [m["id"] for m in MODELS]
PAIR = ["openai/whisper-large-v3", "openai/whisper-large-v3-turbo"]
pytestmark = pytest.mark.usefixtures("taken")


def opened(through="", /, **query):
    app = AppTest.from_file(str(ROOT / (through or PAGE)), default_timeout=60)
    if through:
        app.run()
    for key, value in query.items():
        app.query_params[key] = value
    if through:
        app.switch_page(PAGE)
    app.run()
    assert not app.exception
    return app


def notes(app):
    return [note.value for kind in (app.warning, app.info, app.success, app.error) for note in kind]


@pytest.mark.parametrize("through", ["", "app.py"])
@pytest.mark.parametrize("models", [PAIR, IDS[:6], IDS[4:], ["solo", "quiet-owner/nothing-but-a-name"]])
def test_two_to_six_models_stand_side_by_side(through, models):
    app = opened(through, compare=models)
    table = app.table[0].value
    assert [head[0] for head in table.columns[2:]] == list("ABCDEF"[: len(models)])
    assert [head[1:].strip() for head in table.columns[2:]] == [plain(m) for m in models]
    labels = [plain(f.label) for f in MODEL.factors]
    assert [label for label in table["Factor"] if label in labels] == labels
    assert not table.iloc[:, 2:].isin(["", "nan", "None"]).any(axis=None)
    assert len(app.get("plotly_chart")) == 2


def test_differences_are_marked_and_the_best_is_bold_with_a_sign():
    app = opened(compare=PAIR)
    table = app.table[0].value.set_index("Factor")
    formats = table.loc[plain("Safe weight formats")]
    assert formats.iloc[0] == DIFFERS
    assert formats.iloc[1] == f"**{BEST} safe formats only**"
    assert formats.iloc[2] == "safe and unsafe formats"
    assert table.loc["Spaces"].iloc[0] == SAME
    assert not any(BEST in cell for cell in table.loc["Spaces"].iloc[1:])


def test_an_unknown_value_is_neither_best_nor_a_draw():
    table = opened(compare=PAIR).table[0].value.set_index("Factor")
    scan = table.loc[plain("Hub scan")]
    assert scan.iloc[0] == DIFFERS
    assert "unknown" in list(scan)
    assert not any(BEST in cell for cell in scan)


@pytest.mark.parametrize("through", ["", "app.py"])
def test_only_the_differences(through):
    app = opened(through, compare=PAIR)
    whole = app.table[0].value
    app.toggle(key="differences").set_value(True).run()
    table = app.table[0].value
    assert SAME not in set(table["Same?"])
    assert (table["Same?"] == DIFFERS).sum() == (whole["Same?"] == DIFFERS).sum()
    linked = opened(through, compare=PAIR, differences="true")
    assert linked.table[0].value.equals(table)


def test_a_clear_lead_is_said_and_a_close_one_is_too_close_to_call():
    (clear,) = opened(compare=PAIR).success
    assert "**A** openai/whisper\\-large\\-v3 is first" in clear.value
    app = opened(compare=["uncounted-owner/voices", "hostile-owner/text"], count="all")
    (close,) = app.warning
    assert close.value.startswith("**Too close to call.**")
    assert "**B** hostile\\-owner/text has the highest total" in close.value
    assert "could put **A** first" in close.value


def bundled_pair(monkeypatch, pair):
    """Open the page on the bundled snapshot; returns the app and its table by factor."""
    monkeypatch.delenv("WEIGHBRIDGE_SNAPSHOTS")
    app = opened(compare=pair)
    return app, app.table[0].value.set_index("Factor")


def test_bundled_models_read_on_one_day_have_winners_and_no_dates(monkeypatch):
    app, table = bundled_pair(monkeypatch, PAIR)
    assert BEST in "".join(table.iloc[:, 1:].to_numpy().ravel())
    assert not any(APART in sign or ":gray" in "".join(cells) for sign, *cells in table.to_numpy())
    assert not any("days apart" in text for text in [*notes(app), *(c.value for c in app.caption)])


def test_bundled_models_read_a_day_apart_have_winners_and_dates(monkeypatch):
    _, table = bundled_pair(monkeypatch, ["amazon/chronos-2", "1038lab/sam3"])
    likes = table.loc["Likes"].tolist()
    assert likes[0] == DIFFERS
    assert likes[1].startswith(f"**{BEST} 262 likes**")
    assert [cell.partition(":gray")[2] for cell in likes[1:]] == ["[read 4 May 2026]", "[read 3 May 2026]"]
    assert not any(APART in sign for sign in table.iloc[:, 0])


def marked(number):
    return f"{APART} marks {number} factors whose {FAR}, so none of these values is marked as the best."


FAR = "values were read more than 60 days apart, between 10 December 2025 and 4 May 2026"


@pytest.mark.parametrize(
    ("pair", "verdict"),
    [
        (["nvidia/parakeet-tdt-0.6b-v2", "amazon/chronos-2"], "**Too close to call.**"),
        (["facebook/bart-large-cnn", "sweepai/sweep-next-edit-1.5B"], "**A** facebook/bart\\-large\\-cnn is first"),
    ],
)
def test_bundled_models_read_months_apart_show_their_days_and_no_winner(monkeypatch, pair, verdict):
    app, table = bundled_pair(monkeypatch, pair)
    apart = table[table.iloc[:, 0].str.contains(APART)]
    assert "10 December 2025" in apart.loc["Likes"].iloc[1]
    assert "4 May 2026" in apart.loc["Likes"].iloc[2]
    assert not any("**" in cell for cell in apart.to_numpy().ravel())
    assert APART not in table.loc[plain(MODEL.factor("provider").label)].iloc[0]
    (note,) = notes(app)
    assert note.startswith(verdict)
    assert re.search(rf"This rests on \d+ factors whose {FAR}, so a new reading could change it\.$", note)
    assert not app.success
    assert marked(len(apart)) in [c.value for c in app.caption]
    app.toggle(key="differences").set_value(True).run()
    differing = app.table[0].value["Same?"].str.contains(APART).sum()
    assert 0 < differing < len(apart)
    assert marked(differing) in [c.value for c in app.caption]


def test_created_and_last_changed_are_absolute_dates(monkeypatch):
    _, table = bundled_pair(monkeypatch, PAIR)
    assert list(table.loc["Created"].iloc[1:]) == ["7 November 2023", "1 October 2024"]
    assert list(table.loc["Last changed"].iloc[1:]) == ["12 August 2024", "4 October 2024"]


def test_where_nothing_is_known_of_one_the_other_leads():
    (note,) = opened(compare=["solo", PAIR[0]]).success
    assert note.value.startswith("**B**")


def test_where_nothing_is_known_of_any_nobody_leads(snapshots):
    build.build([{"id": "solo"}, {"id": "alone"}], date(2026, 10, 9), into=snapshots)
    assert notes(opened(compare=["solo", "alone"])) == ["Nothing that counts is known about any of them."]


def test_equal_totals_share_the_lead():
    app = opened(compare=["openal/whisper-large-v3", "someone-new/unsafe-scan"])
    (note,) = app.warning
    assert "**A** and **B** have the same total." in note.value
    held = app.table[0].value.set_index("Factor").loc["Held"]
    assert all("at 30" in cell for cell in held.iloc[1:])


def test_fewer_than_two_get_one_sentence_and_somewhere_to_start():
    app = opened()
    assert notes(app) == ["Pick two to six models above, or start with a pair:"]
    (pair,) = [b for b in app.button if b.key.startswith("compare_")]
    pair.click().run()
    assert len(app.table[0].value.columns) == 4
    one = opened(compare=PAIR[:1])
    assert notes(one) == ["Pick one more model to compare it with. Some with a like name:"]
    assert not one.table
    next(b for b in one.button if b.label == plain(PAIR[1])).click().run()
    assert len(one.table[0].value.columns) == 4


def test_more_than_six_get_one_sentence_and_the_first_six():
    app = opened(compare=IDS[:8])
    assert "8 models are too many to read side by side; these are the first 6." in notes(app)
    assert len(app.table[0].value.columns) == 2 + 6


@pytest.mark.parametrize("through", ["", "app.py"])
def test_what_is_not_there_is_named_and_left_out(through):
    hostile = "**b** :red[x] <script>alert(1)</script> [a](https://evil.example)"
    app = opened(through, compare=["no/such-model", hostile, *PAIR])
    (note,) = [n for n in notes(app) if n.startswith("Not in this snapshot")]
    assert "no/such\\-model" in note
    bare = re.sub(r"\\.", "", note)  # what is left without everything that is escaped
    for live in ("**b**", ":red[x]", "<script", "[a]("):
        assert live not in bare
    assert len(app.table[0].value.columns) == 4


@pytest.mark.parametrize("value", ["", " ", "x" * 5000, ["", ""], "\x00"])
def test_odd_values_of_the_link_leave_the_page_whole(value):
    assert notes(opened(compare=value))


def test_a_model_named_twice_or_in_another_case_counts_once():
    app = opened(compare=[PAIR[0], PAIR[0].upper(), PAIR[0], PAIR[1]])
    assert len(app.table[0].value.columns) == 4


@pytest.mark.parametrize("through", ["", "app.py"])
def test_the_weights_of_the_link_decide(through):
    app = opened(through, compare=PAIR, security="0", operational="0", activity="0")
    table = app.table[0].value.set_index("Factor")
    totals = [float(cell.strip("*")) for cell in table.loc["**Total, of 100**"].iloc[1:]]
    popularity = [float(cell.strip("*").split()[0]) for cell in table.loc["**Popularity**"].iloc[1:]]
    assert totals == pytest.approx(popularity, abs=0.5)
