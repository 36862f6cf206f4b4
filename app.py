"""The web app's router: page configuration, navigation, run. Start it with `streamlit run app.py`."""

from pathlib import Path

import streamlit as st

from components import page

PICTURES = Path(__file__).parent / "components"

st.set_page_config(page_title="Weighbridge", page_icon=PICTURES / "mark.svg", layout="wide")
st.logo(PICTURES / "logo.svg", icon_image=PICTURES / "mark.svg", size="large")
chosen = st.navigation(
    {
        "Models": [
            st.Page(page.PAGES["ranking"], title="Ranking", icon=":material/leaderboard:", url_path="", default=True),
            st.Page(page.PAGES["model"], title="Model", icon=":material/deployed_code:", url_path="model"),
            st.Page(page.PAGES["compare"], title="Compare", icon=":material/compare_arrows:", url_path="compare"),
            st.Page(page.PAGES["any"], title="Score any model", icon=":material/travel_explore:", url_path="any"),
        ],
        "Organisations": [
            st.Page(page.PAGES["organisations"], title="Influence", icon=":material/trophy:", url_path="organisations"),
            st.Page(
                page.PAGES["organisation"], title="Organisation", icon=":material/domain:", url_path="organisation"
            ),
            st.Page(page.PAGES["sources"], title="Sources", icon=":material/hub:", url_path="sources"),
        ],
        "About": [
            st.Page(page.PAGES["method"], title="Method", icon=":material/menu_book:", url_path="method"),
            st.Page(page.PAGES["data"], title="Data", icon=":material/database:", url_path="data"),
        ],
    },
    position="top",
)
page.enter(chosen.url_path)
chosen.run()
page.warm()
