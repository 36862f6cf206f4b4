"""A citation names what it rests on, and a badge is one sound, readable image that flatters nobody."""

from xml.etree import ElementTree

import numpy as np
import pytest

from scoring.output.citation import INK, LEFT, RIGHT, badge, citation
from scoring.scorecards import MODEL
from scoring.view import ModelView
from tests import records
from tests.scoring.output.test_sheet import HOSTILE, ROW, Alone

VIEW = ModelView(count="all", min_coverage=0.0)
ABOUT = {"version": "1.2.3", "taken": "2026-10-08", "fingerprint": "f00d", "read": "2026-11-28"}


def scores(view=VIEW, **more):
    return view.score(Alone(records.frame([ROW | more])))


def test_a_citation_of_a_ranking():
    assert citation(scores(), None, view=ModelView(), link="https://w.example/?a=b", **ABOUT) == (
        f"Weighbridge 1.2.3. Model scorecard {MODEL.version}, ranking of 1, default settings, snapshot of "
        f"8 October 2026. Fingerprints: scorecard {MODEL.fingerprint}, snapshot f00d. "
        "https://w.example/?a=b (read on 28 November 2026)."
    )


def test_a_citation_of_a_subject_under_settings_of_ones_own():
    made = scores()
    assert citation(made, 0, view=VIEW, link="https://w.example/model", **ABOUT) == (
        f"Weighbridge 1.2.3. owner/model: {made.written(0)} · rank 1 of 1. Model scorecard {MODEL.version}, settings "
        f"of the link, snapshot of 8 October 2026. Fingerprints: scorecard {MODEL.fingerprint}, snapshot f00d. "
        "https://w.example/model (read on 28 November 2026)."
    )


def words(svg):
    return [text.text for text in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_a_badge_has_total_rank_and_day():
    made = scores()
    standing = f"{made.written(0)} · rank 1 of 1"
    assert words(badge(made, 0, ModelView(), "2026-10-08")) == ["Weighbridge", f"{standing} · 8 October 2026"]


def test_a_badge_under_settings_of_ones_own_says_so():
    weighed = ModelView(weights={"security": 90.0})
    assert "own settings" in words(badge(scores(), 0, weighed, "2026-10-08"))[1]


def test_a_badge_of_what_is_not_ranked_or_unknown_says_so():
    made = scores(ModelView(count="all", min_coverage=1.0))
    assert words(badge(made, 0, ModelView(), "2026-10-08"))[1] == f"{made.written(0)} · not ranked · 8 October 2026"
    made.total[:], made.rank[:], made.ranked[:] = np.nan, np.nan, False
    assert words(badge(made, 0, ModelView(), "2026-10-08"))[1] == "total unknown · not ranked · 8 October 2026"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_name_stays_text(text):
    made = scores(id=text.encode("utf-8", "ignore").decode())
    drawn = ElementTree.fromstring(badge(made, 0, VIEW, "2026-10-08"))
    assert {element.tag.partition("}")[2] for element in drawn.iter()} == {"svg", "title", "rect", "path", "g", "text"}
    assert not any(name.startswith("on") or "href" in name for e in drawn.iter() for name in e.attrib)
    quoted = citation(made, 0, view=VIEW, link="https://w.example/", **ABOUT)
    assert quoted.isprintable()


def luminance(colour):
    parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("ground", [LEFT, RIGHT])
def test_a_badge_is_readable(ground):
    assert (luminance(INK) + 0.05) / (luminance(ground) + 0.05) >= 7
