"""The frame of every page: its title and lead above, and below who made it, from what, and where to send feedback."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from components import feedback
from components.chart_image import chart_image
from components.session import Snapshot
from components.text import clean, plain
from scoring.reasons.receipt import day as day

LONGEST_TAB = 100  # letters of a subject
_ROOT = Path(__file__).resolve().parent.parent


def header(title: str, lead: str) -> None:
    """Draw a page's title and its one-sentence introduction."""
    st.title(title, anchor=False)
    st.markdown(f":gray[{plain(lead)}]")


def tab(subject: str) -> None:
    """Put what a page is about into the title of the browser's tab."""
    st.set_page_config(page_title=f"{clean(subject, LONGEST_TAB)} · Weighbridge")


def footer(snapshot: Snapshot) -> None:
    """Draw the last line of a page about models."""
    first, last = span(snapshot)
    taken = f"snapshot {day(snapshot.taken)}{', generated' * snapshot.generated}"
    _footer(taken, f"facts read {day(first)} – {day(last)}")


def month_footer(month: Any) -> None:
    """Draw the last line of a page about the organisations of a month."""
    days = [d for d in month.repositories["date_crawl"].to_pylist() if d]
    read = f"repositories read {day(min(days))} – {day(max(days))}" if days else "no repositories"
    _footer(f"month of {day(month.taken)}", read)


def span(snapshot: Snapshot) -> tuple[str, str]:
    """Return the first and the last day on which the facts of a snapshot were read (ISO dates)."""
    facts = snapshot.manifest.get("facts", {}).values()
    first = min((f["from"] for f in facts if f.get("from")), default=snapshot.taken)
    return first, max((f["to"] for f in facts if f.get("to")), default=snapshot.taken)


def version() -> str:
    """Return the version of this code."""
    return str(_project()["version"])


def _footer(*parts: str) -> None:
    st.divider()
    chart_image(" · ".join((f"Weighbridge {version()}", parts[0])))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(" · ".join(plain(part) for part in (f"Weighbridge {version()}", *parts)), width="stretch")
        feedback.button(str(_project()["urls"]["Issues"]))


@cache
def _project() -> dict[str, Any]:
    """Read pyproject.toml, which lies beside app.py also where the code runs uninstalled."""
    project: dict[str, Any] = tomllib.loads((_ROOT / "pyproject.toml").read_text())["project"]
    return project
