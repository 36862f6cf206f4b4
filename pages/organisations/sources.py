"""Sources: every platform and system behind the organisations' numbers, and honestly which have nothing yet."""

import streamlit as st

from components import frame, links, session
from components.copy_link import copy_link
from components.panel import organisation_panel
from components.reference import metrics, sheet
from components.text import bullets, plain
from data.organisations import provenance
from data.organisations.phrases import phrase_table
from data.organisations.rollup import summary
from scoring.output.docs import ORGANISATION_NOT_THIS

months = session.months()
frame.header("Sources", "Every platform and system behind the organisations’ numbers, and which have nothing yet.")
view, date = organisation_panel(months, weights=False)
month = session.rolled(date).month
of_platforms, of_systems = provenance.platforms(month), provenance.systems(month)
empty = [o.name for o in (*of_platforms, *of_systems) if o.empty]
counts = {"Months": f"{len(months)}", "Repository rows": f"{month.repositories.num_rows:,}"}
metrics(counts | {"Organisations": f"{len(month.ids)}", "Sources with nothing yet": f"{len(empty)}"})
with st.container(horizontal=True, vertical_alignment="center"):
    st.markdown(plain(f"Nothing comes yet from: {', '.join(empty)}." if empty else "Every source has given something."))
    copy_link(links.address(view))

st.header("Platforms and websites", anchor="platforms")
words = {"Rows": "rows this month", "Newest": "newest date"}
about = "Every platform that is named or can be asked, with what comes from it."
sheet(provenance.table(of_platforms), about, words)
crawled = "read from the platforms themselves" if month.collected else "those of OSIR-LMTS (MIT), crawled monthly"
st.caption(
    f"The repositories of this month were {crawled}. Data sets on other sites are a list kept by hand, the same every "
    "month, without downloads and dates."
)

st.header("Systems", anchor="systems")
words = {"Rows": "numbers known", "Newest": "newest date"}
sheet(provenance.table(of_systems), "Every named system, with what is known of it.", words)

st.header("What each part of the four dimensions rests on", anchor="phrases")
rolled = session.rolled(date)
about = "Every phrase of the list: its indicators, where they come from, and for how many organisations known."
rests = phrase_table(rolled, session.scored(view, date).uncounted)
sheet(rests.drop(columns="Why not more"), about, {"share": "known for organisations"}, missing="")
bullets({row["Phrase"]: f"{row['Why not more']}." for _, row in rests.iterrows() if row["Why not more"]})
st.caption(
    "An indicator that is known for fewer than half of the organisations is shown and does not count: a ranking must "
    "not reward who was looked at. Reviews of openness: European Open Source AI Index (https://osai-index.eu, "
    "CC BY 4.0, Liesenfeld & Dingemanse 2024, FAccT) and Model Openness Tool "
    "(https://github.com/lfai/model_openness_tool, MIT)."
)

st.header("What to keep in mind", anchor="mind")
bullets(ORGANISATION_NOT_THIS)
st.caption(plain(summary(month)))
frame.month_footer(month)
