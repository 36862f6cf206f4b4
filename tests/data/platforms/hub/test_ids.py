"""What is an id of a model, however it is written."""

import pytest

from data.platforms.hub import ids as hub_id


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("openai/gpt-oss-20b", "openai/gpt-oss-20b"),
        (" gpt2 ", "gpt2"),
        ("https://huggingface.co/openai/gpt-oss-20b", "openai/gpt-oss-20b"),
        ("https://huggingface.co/openai/gpt-oss-20b/tree/main?x=1#y", "openai/gpt-oss-20b"),
        ("hf.co/openai/gpt-oss-20b", "openai/gpt-oss-20b"),
        ("https://huggingface.co/datasets/openai/x", None),
        ("https://evil.example/openai/gpt", None),
        ("http://127.0.0.1/openai/gpt", None),
        ("file:///etc/passwd", None),
        ("a/b/c", None),
        ("../../etc/passwd", None),
        ("org/na..me", None),
        ("org/na--me", None),
        ("org/na\nme", None),
        ("org/na\x00me", None),
        ("org/ünï", None),
        ("org/" + "x" * 97, None),
        ("org/name?token=1", None),
        ("org/name@evil", None),
        ("", None),
        ("/", None),
        ("https://[", None),
        ("x" * 100_000, None),
    ],
)
def test_ids_and_links_are_checked_by_pattern(text, model):
    assert hub_id.model_id(text) == model
