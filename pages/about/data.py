"""Data: where every fact is from, how much of it is known, what is missing, and the files themselves."""

from datetime import date

import streamlit as st

from components import frame, session, stream
from components.download import download
from components.reference import metrics, sheet
from components.text import bullets, clean, plain
from data.models import about
from scoring.scorecards import MODEL

snapshot = session.snapshot()
first, last = frame.span(snapshot)
frame.header("Data", "Where every fact is from, when it was read, and what nobody knows yet.")
sources, coverage = about.sources(snapshot), about.coverage(snapshot, MODEL)
counts = {"Models": f"{len(snapshot.facts):,}", "Known facts": f"{int(coverage['known'].sum()):,}"}
metrics(counts | {"Sources": f"{len(sources)}", "Oldest fact": frame.day(first), "Newest fact": frame.day(last)})
st.caption("The facts were read on different days, so no ranking is a picture of one moment. Each shows its own day.")
if middle := about.middle_day(snapshot):
    age = (date.fromisoformat(snapshot.taken) - date.fromisoformat(middle)).days
    read = f"half of it was read on {frame.day(middle)} or before"
    st.caption(f"The median age of what is known from the Hub is {age} days, at the day of this snapshot: {read}.")

st.header("Snapshots", anchor="snapshots")
bullets(session.snapshots_in_words(snapshot))

st.header("Sources", anchor="sources")
sheet(sources, "Every source, with its licence.", {"name": "source", "url": "where"}, missing="in this repository")

st.header("How much of each fact is known", anchor="coverage")
words = {"words": "what it is", "known": f"known of {len(snapshot.facts):,}", "share": "share of the models"}
sheet(coverage, "How much of every fact is known.", words | {"factors": "factors that read it"}, missing="never")

st.header("What is unknown, and what it would take", anchor="unknown")
if nobody := about.unknown_to_all(snapshot, MODEL):
    names = ", ".join(f.label for f in nobody)
    st.info(plain(f"Unknown for every model of this snapshot: {names}."), icon=":material/help:")
st.markdown(
    "A live collection fills what the Hub knows: `weighbridge collect huggingface --ids FILE --with all`, and "
    "`weighbridge snapshot build`. The last column says which part of it brings what."
)
words = {"unknown": "models without", "share": "share of the models", "takes": "what it takes to know"}
words |= {"live": "filled live by"}
sheet(about.gaps(snapshot, MODEL), "Factors that are unknown for some models.", words)

st.header("Curated tables", anchor="curated")
st.markdown("Kept in `data/curated`, with a source and a date in every row.")
sheet(about.curated(), "The curated tables.", {"date": "newest date"})

st.header("Take it with you", anchor="download")
name = f"weighbridge-models-{snapshot.taken}"
with st.container(horizontal=True):
    download(
        "Facts",
        name,
        lambda: "".join(about.as_csv(snapshot)),
        lambda most: about.columns(snapshot, most),
        lambda: {"Citation": about.citation(snapshot, MODEL, frame.version())},
        taken=snapshot.taken,
        rows=len(snapshot.facts),
        streamed=stream.address(stream.FACTS, taken=snapshot.taken),
    )
    st.download_button(
        "Facts (Parquet)",
        lambda: about.as_parquet(snapshot),
        f"{name}.parquet",
        "application/vnd.apache.parquet",
        on_click="ignore",
        icon=":material/download:",
    )
st.caption(
    "Unknown is written as “unknown” in CSV and Excel and is null in Parquet, never zero. The Parquet file is the one "
    "that the pages read, byte for byte."
)
st.markdown("To cite exactly these numbers:")
st.code(clean(about.citation(snapshot, MODEL, frame.version())), language=None, wrap_lines=True)
sheet(about.hashes(snapshot), "The sha256 of every file of the snapshot.")
frame.footer(snapshot)
