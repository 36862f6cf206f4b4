"""The table of pages: every screen is in it, with a title of its own, and the keys of its links do not clash."""

from pathlib import Path

from components.pages import PAGES, ROOT, own_keys
from scoring.view import ModelView, OrganisationView

HERE = Path(__file__).resolve().parents[2]


def test_the_table_lists_every_screen():
    screens = sorted(str(p.relative_to(HERE)) for p in (HERE / "pages").glob("*/*.py"))
    assert sorted(page.file for page in PAGES.values()) == screens
    assert next(iter(PAGES)) == ROOT


def test_every_page_has_a_title_and_an_icon_of_its_own():
    assert len({page.title for page in PAGES.values()}) == len({page.icon for page in PAGES.values()}) == len(PAGES)


def test_the_keys_of_pages_are_no_keys_of_their_view():
    for view in (ModelView, OrganisationView):
        assert own_keys(view)
        assert own_keys(view).isdisjoint((*view.keys(), *view().usual))
