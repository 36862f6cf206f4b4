"""Whatever a record says, Markdown shows it letter by letter and makes nothing of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from components.text import JOINER, clean, plain

NASTY = st.text(alphabet=st.sampled_from("*_[]()<>!:#$|~`\\@&-+.=\"'/ \n\tabw1\u202e\u200b\ud800:red[x]"), max_size=60)
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def shown(markdown):
    """The text that Markdown makes of it, and the kinds of everything else that it makes."""
    tokens = [child for token in MARKDOWN.parse(markdown) for child in (token.children or [])]
    blocks = {token.type for token in MARKDOWN.parse(markdown)} - {"paragraph_open", "inline", "paragraph_close"}
    return "".join(t.content for t in tokens), blocks | {t.type for t in tokens} - {"text", "text_special"}


@given(NASTY | st.text(max_size=80))
def test_markdown_shows_exactly_the_text(text):
    said, kinds = shown(plain(text))
    assert said.replace(JOINER, "") == clean(text)
    assert kinds == set()


@given(NASTY | st.text(max_size=80))
def test_no_directive_link_or_icon_is_left_for_streamlit(text):
    said, _ = shown(plain(text))
    assert "://" not in said
    assert not any(after not in (" ", JOINER, "") for after in (said[i + 1 : i + 2] for i in _all(said, ":")))
    assert "www." not in said.lower()


@given(st.text(max_size=80), st.integers(min_value=2, max_value=40))
def test_clean_is_one_line_that_fits_and_can_be_sent(text, longest):
    line = clean(text, longest)
    assert len(line) <= longest
    assert len(line.splitlines()) <= 1
    line.encode("utf-8")


@pytest.mark.parametrize("mark", ["\u202e", "\u200b", "\u2066", "\ufeff", "\x00", "\x1b"])
def test_invisible_characters_are_dropped(mark):
    assert clean(f"goo{mark}gle") == "google"


def test_an_id_of_the_hub_stays_readable():
    assert clean("meta-llama/Llama-3.1-8B_Instruct") == "meta-llama/Llama-3.1-8B_Instruct"


def _all(text, character):
    return [i for i, c in enumerate(text) if c == character]
