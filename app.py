"""The web app's router: navigation, page configuration, run. Start it with `streamlit run app.py`."""

from pathlib import Path
from typing import Any

import streamlit as st

from components import links, session
from components.pages import PAGES, ROOT

LOOKS = Path(__file__).parent / "components"

# Before the navigation: afterwards the icon of the page would be fetched from another host for the tab of the browser.
st.set_page_config(page_icon=LOOKS / "mark.svg", layout="wide")
sections: dict[str, list[Any]] = {}
for path, page in PAGES.items():
    at = {"url_path": "", "default": True} if path == ROOT else {"url_path": path}
    entry = st.Page(page.file, title=page.title, icon=f":material/{page.icon}:", **at)
    sections.setdefault(page.section, []).append(entry)
chosen = st.navigation(sections, position="top")
st.set_page_config(page_title=f"{chosen.title} · Weighbridge")
st.html(LOOKS / "page.css")
st.logo(LOOKS / "logo.svg", icon_image=LOOKS / "mark.svg", size="large")
links.enter(chosen.url_path)
chosen.run()
session.warm()
