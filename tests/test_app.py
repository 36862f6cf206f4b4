"""Every page opens through app.py and alone, and the router lists them all."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(str(p.relative_to(ROOT)) for p in (ROOT / "pages").glob("*/*.py"))


def sound(app):
    assert not app.exception
    assert not app.error
    assert app.title[0].value
    assert any(c.value.startswith("Weighbridge ") for c in app.main.caption), "the footer"
    return app


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_through_the_app(path):
    app = sound(AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run())
    sound(app.switch_page(path).run())


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_alone(path):
    sound(AppTest.from_file(str(ROOT / path), default_timeout=60).run())


@pytest.mark.parametrize("path", PAGES)
def test_pages_lie_below_a_folder_of_pages(path):
    """Directly in pages/ Streamlit would run them without app.py on the first deep link after a start."""
    assert len(Path(path).parts) == 3


def test_visitors_see_no_traceback_and_nothing_is_reported_home():
    import tomllib

    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert config["client"]["showErrorDetails"] == "none"
    assert config["browser"]["gatherUsageStats"] is False


def test_the_charts_colours_are_those_of_the_categories():
    import tomllib

    from scoring.scorecards import MODEL

    colours = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]["chartCategoricalColors"]
    assert colours[: len(MODEL.categories)] == [c.colour for c in MODEL.categories]
