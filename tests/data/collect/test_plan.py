"""What a collection will cost, said before it starts."""

import pytest

from data.collect.plan import Plan, Step
from data.jobs import SOURCES, job
from data.platforms.github import GITHUB
from terminal import collect
from terminal.choices import options
from tests.platforms.ask import NOTHING


@pytest.fixture(autouse=True)
def no_tokens(monkeypatch):
    for variable in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "GITHUB_TOKEN", "GH_TOKEN"):
        monkeypatch.delenv(variable, raising=False)


def plan(source, **choice):
    plain = NOTHING | {"source": source, "with": list(options(source).usual), "batched": bool(GITHUB.token)}
    return job(plain | choice).plan()


def test_a_thousand_models_without_a_token_and_with_one(monkeypatch):
    without = plan("huggingface", top=1000)
    assert 3000 <= without.requests <= 3800
    seconds = without.seconds
    assert 900 <= seconds <= 1800
    assert "HF_TOKEN" in without.sentences()[-1]
    monkeypatch.setenv("HF_TOKEN", "hf_" + "a" * 30)
    assert plan("huggingface", top=1000).seconds < seconds
    assert "HF_TOKEN" not in " ".join(plan("huggingface", top=1000).sentences())


def test_the_sources_are_the_same_everywhere():
    assert list(SOURCES) == collect.SOURCES
    assert all(options(source) for source in SOURCES)


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


def test_github_is_one_query_for_fifty_with_a_token(monkeypatch):
    ids = [f"a/b{n}" for n in range(100)]
    assert plan("github", ids=ids).requests == 500
    monkeypatch.setenv("GITHUB_TOKEN", "x" * 40)
    assert plan("github", ids=ids).requests == 102


@pytest.mark.parametrize("source", [s for s in SOURCES if s != "organisations"])
def test_every_source_has_a_plan(source):
    found = plan(source, ids=["a/b"], author="x", table="t.csv")
    assert found.sentences()[0].startswith("About ")


def test_a_platform_without_a_limit_takes_no_time():
    assert Plan((Step("calls", "modelscope", 10**6),), "x").seconds == 0
