"""Every page of the app: its place in the navigation, its title and its links come from this table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scoring.settings import View
from scoring.view import ModelView, OrganisationView


@dataclass(frozen=True)
class Page:
    """A screen: the section that lists it, its title, icon and file, and what its links hold beside the `view`."""

    section: str
    title: str
    icon: str
    file: str
    keys: tuple[str, ...] = ()
    view: type[View] = ModelView


ROOT = "ranking"  # the page at the root of the address
PAGES: Mapping[str, Page] = {  # by their paths in the address
    "ranking": Page("Models", "Ranking", "leaderboard", "pages/models/ranking.py", ("page",)),
    "model": Page(
        "Models", "Model", "deployed_code", "pages/models/model.py", ("model", "factors", "trend", "changes")
    ),
    "compare": Page("Models", "Compare", "compare_arrows", "pages/models/compare.py", ("compare", "differences")),
    "any": Page("Models", "Score any model", "travel_explore", "pages/models/any.py", ("any", "beside", "factors")),
    "organisations": Page(
        "Organisations", "Influence", "trophy", "pages/organisations/ranking.py", view=OrganisationView
    ),
    "organisation": Page(
        "Organisations",
        "Organisation",
        "domain",
        "pages/organisations/organisation.py",
        ("organisation", "behind"),
        OrganisationView,
    ),
    "sources": Page("Organisations", "Sources", "hub", "pages/organisations/sources.py", view=OrganisationView),
    "method": Page("About", "Method", "menu_book", "pages/about/method.py", ("find", "factor")),
    "data": Page("About", "Data", "database", "pages/about/data.py"),
}


def own_keys(view: type[View]) -> set[str]:
    """Return what the links of the pages with this kind of view hold beside it."""
    return {key for page in PAGES.values() if page.view is view for key in page.keys}
