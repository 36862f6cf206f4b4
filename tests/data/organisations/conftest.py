"""The platforms that a month is collected from."""

import pytest

from tests.platforms import server as bad
from tests.platforms.forges import Forge, GitHub
from tests.platforms.hub import Hub
from tests.platforms.listings import BAAI, ModelScope, OpenDataLab
from tests.platforms.server import App


@pytest.fixture
def platforms(monkeypatch):
    """Serve all of them, each under its own variable."""
    apps: dict[str, App] = {
        "HF_ENDPOINT": Hub(models=9, owners=3, page=2),
        "MODELSCOPE_ENDPOINT": ModelScope(models=4, datasets=2),
        "BAAI_API_URL": BAAI(5),
        "OPENDATALAB_ENDPOINT": OpenDataLab(),
        "GITHUB_API_URL": GitHub(),
        "GITEE_API_URL": Forge(texts=True),
    }
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    monkeypatch.delenv("GH_TOKEN", raising=False)
    with bad.serving(monkeypatch, apps) as servers:
        yield servers
