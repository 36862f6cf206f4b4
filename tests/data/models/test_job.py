"""What a collection of models costs."""

import pytest

from tests.platforms.ask import plan


@pytest.fixture(autouse=True)
def no_tokens(monkeypatch):
    for variable in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "GITHUB_TOKEN", "GH_TOKEN"):
        monkeypatch.delenv(variable, raising=False)


def test_a_thousand_models_without_a_token_and_with_one(monkeypatch):
    without = plan("huggingface", top=1000)
    assert 3000 <= without.requests <= 3800
    seconds = without.seconds
    assert 900 <= seconds <= 1800
    assert "HF_TOKEN" in without.sentences()[-1]
    monkeypatch.setenv("HF_TOKEN", "hf_" + "a" * 30)
    assert plan("huggingface", top=1000).seconds < seconds
    assert "HF_TOKEN" not in " ".join(plan("huggingface", top=1000).sentences())


def test_popularity_alone_is_a_call_for_a_thousand_models():
    found = plan("huggingface", top=100_000, **{"with": []})
    assert found.requests == 100
    assert found.seconds == 0
    assert len(found.sentences()) == 1


def test_readmes_come_out_of_another_allowance():
    found = plan("huggingface", top=2000, **{"with": ["readme"]})
    assert found.seconds == 0


def test_without_an_end_it_is_told_for_a_thousand():
    assert "every 1,000 models" in plan("huggingface", author="someone").sentences()[0]
