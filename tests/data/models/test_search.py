"""The search finds what holds every word, in the order that a plain look at every name gives."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.models import search, snapshot
from data.models.search import Names, nearest

PARTS = ("qwen", "Qwen", "llama", "a", "b-", "7B", "é", "x.y", "_", "q")
ids = st.builds(lambda owner, name: f"{''.join(owner)}/{''.join(name)}", *[st.lists(st.sampled_from(PARTS))] * 2)
texts = st.lists(st.sampled_from((*PARTS, "qwen/", "/qwen", "a/b-", "zz")), max_size=3).map(" ".join)


def plainly(ids, likes, text, most):
    """Look at every name."""

    def near(model):
        owner, name = model.split("/")
        exact = (model, owner, name, f"/{name}", *([f"{owner}/"] if not name else []))
        if not words or words[0] in exact:
            return 0
        return 1 if model.startswith(words[0]) or f"/{words[0]}" in model else 2

    words = text.lower().split()
    found = [n for n, model in enumerate(ids) if all(word in model.lower() for word in words)]
    found.sort(key=lambda n: (near(ids[n].lower()), likes[n] is None, -(likes[n] or 0), ids[n]))
    return [ids[n] for n in found[:most]]


@settings(max_examples=60)
@given(st.lists(st.tuples(ids, st.none() | st.integers(0, 3)), unique_by=lambda one: one[0]), texts, st.integers(0, 5))
def test_every_word_counts_and_the_first_one_orders(models, text, most):
    models.sort()
    known, likes = [model for model, _ in models], [like for _, like in models]
    names = Names(pa.array(known, pa.string()), pa.array(likes, pa.int64()))
    assert names.search(text, most) == plainly(known, likes, text, most)


def test_blocks_of_names_are_searched_one_after_the_other(monkeypatch):
    monkeypatch.setattr(search, "BLOCK", 7)
    rng = np.random.default_rng(3)
    known = sorted({"/".join("".join(rng.choice(PARTS, 3)) for _ in range(2)) for _ in range(300)})
    likes = rng.integers(0, 9, len(known)).tolist()
    names = Names(pa.chunked_array([known[:9], known[9:]]), pa.array(likes))
    for text in ("qwen", "a", "a b-", "7b llama", "q x.y", "zz a", "a zz"):
        for most in (1, 5, 1000):
            assert names.search(text, most) == plainly(known, likes, text, most), text


def test_a_large_snapshot_finds_what_the_same_in_memory_finds(monkeypatch):
    whole = snapshot.load()
    monkeypatch.setattr(snapshot, "LARGE", 0)
    stored = snapshot.load(by_position=True)
    for text in ("qwen", "google/gemma", "instruct 8b", "deepseek-ai/DeepSeek-R1", ""):
        assert stored.search(text, 9) == whole.search(text, 9) != []
    assert whole.search("deepseek-ai/DeepSeek-R1", 1) == ["deepseek-ai/DeepSeek-R1"]
    assert whole.search("no such model", 9) == []


KNOWN = sorted(
    [
        "openai/whisper-large-v3",
        "openai/whisper-large-v3-turbo",
        "openai/whisper-tiny",
        "google-bert/bert-base-uncased",
        "sentence-transformers/all-MiniLM-L6-v2",
        "Qwen/Qwen3-8B",
    ]
)
FEW = Names(pa.array(KNOWN), pa.array([None] * len(KNOWN), pa.int64()))


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("openai/wisper-large-v3", "openai/whisper-large-v3"),
        ("OPENAI/WHISPER-TINY", "openai/whisper-tiny"),
        ("whisper", "openai/whisper-large-v3"),
        ("bert-base-uncased", "google-bert/bert-base-uncased"),
        ("bert-base-uncassed", "google-bert/bert-base-uncased"),
        ("bert-base", "google-bert/bert-base-uncased"),
        ("all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2"),
        ("qwen/qwen3", "Qwen/Qwen3-8B"),
    ],
)
def test_the_nearest_name_is_the_one_that_was_meant(asked, first):
    assert nearest(asked, FEW.search, 4)[0] == first


@pytest.mark.parametrize("asked", ["zzzzqqqq", "<script>alert(1)</script>", "x" * 5000, "\ud800", "日本語"])
def test_nothing_is_near_to_nonsense(asked):
    assert nearest(asked, FEW.search, 4) == []


def test_no_more_than_was_asked_for():
    assert len(nearest("openai/whisper-large-v3", FEW.search, 2)) == 2
