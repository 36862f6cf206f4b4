"""What a collection from a platform costs."""

import pytest

from data.jobs import SOURCES
from tests.platforms.ask import plan


@pytest.fixture(autouse=True)
def no_tokens(monkeypatch):
    for variable in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "GITHUB_TOKEN", "GH_TOKEN"):
        monkeypatch.delenv(variable, raising=False)


def test_github_is_one_query_for_fifty_with_a_token(monkeypatch):
    ids = [f"a/b{n}" for n in range(100)]
    assert plan("github", ids=ids).requests == 500
    monkeypatch.setenv("GITHUB_TOKEN", "x" * 40)
    assert plan("github", ids=ids).requests == 102


@pytest.mark.parametrize("source", [s for s in SOURCES if s != "organisations"])
def test_every_source_has_a_plan(source):
    found = plan(source, ids=["a/b"], author="x", table="t.csv")
    assert found.sentences()[0].startswith("About ")
