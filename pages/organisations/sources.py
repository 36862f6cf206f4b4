"""Sources: every platform and system behind the organisations' numbers, and honestly which have nothing yet."""

import streamlit as st

from components import frame, links, session
from components.copy_link import copy_link
from components.panel import organisation_panel
from components.reference import metrics, sheet
from components.text import bullets, plain
from data.organisations import provenance
from data.organisations.rollup import summary
from scoring.output.docs import ORGANISATION_NOT_THIS
from scoring.scorecards import ORGANISATION

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
about = "Every platform that the seed names or that can be asked, with what comes from it."
sheet(provenance.table(of_platforms), about, words)
crawled = "read from the platforms themselves" if month.collected else "those of OSIR-LMTS (MIT), crawled monthly"
st.caption(
    f"The repositories of this month were {crawled}. Data sets on other sites are a list kept by hand, the same every "
    "month, without downloads and dates."
)

st.header("Systems", anchor="systems")
words = {"Rows": "numbers known", "Newest": "newest date"}
sheet(provenance.table(of_systems), "Every system that the seed names, with what is known of it.", words)
st.caption(
    "What is known of them feeds indicators that weigh nothing yet: nobody has counted them of most organisations, "
    "and a ranking must not reward who was looked at. The System indicators that count are kept by hand by OSIR-LMTS."
)

st.header("Declared, and not counted yet", anchor="uncounted")
bullets({f"{f.label} ({ORGANISATION.category_of(f.id).label})": f.question for f in provenance.uncounted()})

st.header("What to keep in mind", anchor="mind")
bullets(ORGANISATION_NOT_THIS)
st.caption(plain(summary(month)))
frame.month_footer(month)
