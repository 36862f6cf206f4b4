"""What all platforms have in common: ids, addresses, tokens, names, and replies of any shape."""

import pytest

from data.platforms import ALL, baai, modelscope, named, opendatalab, semanticscholar
from data.platforms.platform import Platform, Raw, is_owned
from tests.platforms import server as bad
from tests.platforms.ask import gather
from tests.platforms.listings import BAAI


@pytest.mark.parametrize(
    ("source", "variable", "choice"),
    [
        ("modelscope", "MODELSCOPE_ENDPOINT", {"author": "x"}),
        ("baai", "BAAI_API_URL", {}),
        ("opendatalab", "OPENDATALAB_ENDPOINT", {"ids": ["a/b"]}),
        ("semanticscholar", "SEMANTIC_SCHOLAR_API_URL", {"ids": ["2401.00001"]}),
    ],
)
@pytest.mark.parametrize("text", [b"[]", b"{}", b"null", b'{"data": []}', b'{"data": {"list": {}, "models": 5}}'])
def test_a_reply_of_another_shape_is_said(serve, tmp_path, source, variable, choice, text):
    server = serve(variable, BAAI())
    server.break_on("/", bad.body(text))
    rows, missing = gather(tmp_path, source, **choice)
    assert not rows
    assert missing


@pytest.mark.parametrize("junk", [None, 5, "x", [], {}, float("nan"), -1, "\ud800", [None]])
def test_facts_are_made_of_whatever_comes(junk):
    at = "2026-11-22T00:00:00+00:00"
    keys = "id downloads likes license tasks tags created_at file_size gated uriName downloadNumb citationCount".split()
    said = dict.fromkeys(keys, junk)
    modelscope.facts(modelscope.Raw("models", said, at))
    baai.facts(Raw("a", said, at))
    opendatalab.facts(Raw("a/b", said, at))
    semanticscholar.facts(Raw("2401.00001", said, at))


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("a/b", True),
        ("a_b/c.d-e", True),
        ("a/.github", True),
        ("a", False),
        ("a/..", False),
        ("a/b c", False),
        ("", False),
    ],
)
def test_what_a_repository_is(text, sound):
    assert is_owned(text) is sound


@pytest.mark.parametrize("platform", [platform for platform in ALL if platform.url], ids=lambda platform: platform.id)
def test_an_address_is_read_when_it_is_used(monkeypatch, platform):
    monkeypatch.setenv(platform.variable, "http://127.0.0.1:1/")
    assert platform.base == "http://127.0.0.1:1"
    monkeypatch.delenv(platform.variable)
    assert platform.base.startswith("https://")


@pytest.mark.parametrize("name", ["Hugging Face", "huggingface", "HuggingFace", "HUGGING FACE", "hugging face"])
def test_a_platform_is_one_however_it_is_spelt(name):
    assert named(name) is named("huggingface")
    assert named("BAAIData") is named("BAAI") is not None
    assert named("another") is None


def test_a_token_that_would_not_be_cut_out_is_refused():
    with pytest.raises(ValueError, match="EXAMPLE_SECRET, a token of Example, must end in _TOKEN or _API_KEY"):
        Platform(id="example", title="Example", tokens=("EXAMPLE_SECRET",))
