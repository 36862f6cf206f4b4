"""The evidence sheet holds the whole receipt, prints anywhere, and no text from outside acts in it."""

from html.parser import HTMLParser

import pytest

from scoring.output.sheet import file_name, sheet
from scoring.scorecards import MODEL
from scoring.types import Evidence
from scoring.view import ModelView
from tests import records

ROW = {
    "id": "owner/model",
    "likes": 120,
    "spaces": 100,
    "spaces_at_least": True,
    "license": "mit",
    "license_stated": True,
    "params": 568_000_000,
    "gated": False,
    "authorization": "none",
    "created": "2024-01-27",
    "modified": "2024-07-03",
    "age_days": 400,
    "days_since_update": 300,
    "hub_scan": "unsafe",
}
HOSTILE = (
    "</title><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' style='x' onmouseover='alert(1)",
    "<style>@import url(https://evil.example)</style>",
    "javascript:alert(1)",
    "a\u202eb\x00\u2028\ud800</td></table>",
    "&lt;b&gt;",
)


class Read(HTMLParser):
    """What a browser would make of a page: its tags, its addresses, its texts; wrong nesting fails."""

    VOID = frozenset({"meta", "br"})

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.texts.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.texts).split())


def drawn(facts=ROW, **more):
    one, view = dict(facts), more.pop("view", ModelView(count="all", min_coverage=0.0))
    table = records.frame(
        [{k: v.encode("utf-8", "ignore").decode() if isinstance(v, str) else v for k, v in one.items()}]
    )
    scores = view.score(Alone(table))
    source = more.pop("source", "hub-stats")
    url = more.pop("url", "https://huggingface.co/owner/model")
    evidence = {
        f.id: Evidence(
            subject="owner/model",
            fact=f.reads[0],
            value=one.get(f.reads[0]),
            state="unknown" if one.get(f.reads[0]) is None else "known",
            source="" if one.get(f.reads[0]) is None else source,
            url=url,
            as_of="2026-05-20",
            note=more.get("note", ""),
        )
        for f in MODEL.factors
    }
    more.pop("note", None)
    named = {
        "verdict": "It ranks 1 of 1.",
        "taken": "2026-10-08",
        "fingerprint": "f00d",
        "licence": "MIT licence",
    } | more
    return sheet(scores, 0, records.known(table)[0] | one, evidence, view=view, **named)


class Alone:
    """A snapshot of these facts alone."""

    def __init__(self, facts):
        from scoring.engine import fit, measure, scale

        measured = measure(MODEL, facts)
        self._yardstick = fit(MODEL, measured, "goalposts", "2026-10-08")
        self._scaled = scale(MODEL, measured, self._yardstick)
        self.common_ground = tuple(f.id for f in MODEL.factors)

    def scaled(self, card, kind):
        return self._scaled

    def yardstick(self, card, kind):
        return self._yardstick


def test_a_sheet_names_all_that_a_reviewer_asks_for():
    text = Read(
        drawn(findings=["The Hub's scanners call a file unsafe."], link="https://app.example/model?a=1&b=2")
    ).text
    for factor in MODEL.factors:
        assert factor.label.lower() in text.lower()
    for words in (
        "owner/model",
        "It ranks 1 of 1.",
        "MIT licence",
        "568,000,000",
        "27 January 2024",
        "3 July 2024",
        "hub-stats , 20 May 2026",
        "The Hub's scanners call a file unsafe.",
        "120 likes",
        "100 or more Spaces at least",
        "8 October 2026",
        "f00d",
        "Revision not recorded",
        "held at 30.00",
        "Balanced weights: Popularity 30, Activity 10, Operational 30, Security 30.",
        "What is unknown counts as the middle; scaled between fixed goalposts; a grave finding holds the total at 30.",
        "https://app.example/model?a=1&b=2",
    ):
        assert words in text
    assert "2026-05-20" not in text


def test_it_stands_alone():
    read = Read(drawn(link="https://app.example/"))
    assert not {"script", "link", "img", "iframe", "object", "form", "base", "svg"} & set(read.tags)
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in read.attributes
    assert not [name for name, _ in read.attributes if name in ("src", "style") or name.startswith("on")]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_text_from_outside_acts(hostile):
    tags = Read(drawn()).tags
    outside = dict.fromkeys(("id", "task", "base_model", "created", "modified"), hostile)
    page = drawn(
        ROW | outside,
        source=hostile,
        url=hostile,
        note=hostile,
        verdict=hostile,
        licence=hostile,
        revision=hostile,
        findings=[hostile],
        link=hostile,
        fingerprint=hostile,
        taken=hostile,
    )
    page.encode("utf-8")
    read = Read(page)
    assert set(read.tags) <= {*tags, "small", "br"}
    assert "a" not in read.tags
    assert not [name for name, _ in read.attributes if name == "style" or name.startswith("on")]
    assert not {"\u202e", "\x00", "\u2028"} & set(page)


def test_what_does_not_count_and_what_was_changed_is_said():
    view = ModelView(count="all", min_coverage=0.0, weights={"security": 60.0}, unknown="skip", cap=False)
    text = Read(drawn(view=view)).text
    assert "Balanced weights, changed: Popularity 30, Activity 10, Operational 30, Security 60." in text
    assert "Changed against the preset: Security 60." in text
    assert "What is unknown is left out; scaled between fixed goalposts; no finding holds the total." in text


def test_nothing_known_is_no_zero():
    text = Read(drawn({"id": "solo"})).text
    assert "unknown of 100" in text
    assert "No sum: nothing that counts is known." in text
    assert "not ranked" in text


def test_a_long_text_is_cut_and_a_file_name_is_one_everywhere():
    assert "x" * 301 not in drawn(findings=["x" * 5000])
    assert file_name("owner/model", "2026-10-08") == "weighbridge-owner-model-2026-10-08.html"
    assert file_name("../..\\\u202e<", "2026-10-08") == "weighbridge-model-2026-10-08.html"
    assert len(file_name("a" * 5000, "2026-10-08")) < 150
