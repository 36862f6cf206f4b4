"""Score any model: looked up on the Hub while the reader waits, placed among the models of the snapshot."""

from datetime import date
from urllib.parse import quote

import streamlit as st

from components import dossier, frame, links, picker, receipt, session, sidebyside
from components.copy_link import copy_link
from components.panel import model_panel
from data.models import lookup as live
from data.models.facts import BESIDE, DESCRIBED, FACTS, SITE
from scoring.reasons.differences import differences
from scoring.reasons.receipt import receipt as lines_of
from scoring.reasons.whatif import advise
from scoring.scorecards import MODEL

snapshot = session.snapshot()
view = model_panel(snapshot)
where = st.empty()
with where.container():
    frame.header("Score any model", "Any model of the Hub, by its id or link: looked up now, scored as all others are.")
asked = picker.entry(live.caution())
found, why, wrong = None, live.OFFLINE if live.offline() else "", ""
try:
    found = live.lookup_service().ask(asked, again=st.session_state.pop("_again", False)) if asked else None
except live.NoModel as no_model:
    wrong = str(no_model)
except live.Refused as refused:
    why = str(refused)
if found:
    picker.wait(found, live.WORDS)
    why = found.refused
if found is None or found.record is None:
    if stored := snapshot.resolve(live.named(asked)):
        dossier.stored(snapshot, view, stored, why, where)
    else:
        picker.nothing(wrong, why, live.WORDS, may_ask=why != live.OFFLINE)
    frame.footer(snapshot)
    st.stop()

one = live.read(found.record, date.fromisoformat(snapshot.taken))
yardstick = snapshot.yardstick(MODEL, view.yardstick)
scores, group = session.beside(snapshot, view, one.facts)
row, model = 0, one.model
facts = {str(fact): value for fact, value in one.facts.iloc[0].items()}
address = f"{SITE}/{quote(model)}"
evidence = {f.id: one.evidence(f.reads[0], address + FACTS[f.reads[0]].page) for f in MODEL.factors}
lines = lines_of(scores, row, facts, evidence)

with where.container():
    dossier.headline(model, facts, address)
picker.missing(found.failed, live.WORDS | live.ODD_VALUES)
dossier.standing(scores, row, group, view.min_coverage, rank="Would rank")
dossier.findings(one.facts)
dossier.dates(evidence.values())
with st.container(horizontal=True, vertical_alignment="center"):
    picker.again()
    if snapshot.find(model) is not None:
        links.link_to("model", "The same model in the snapshot", icon=":material/deployed_code:", model=model)
    kept = {key: st.query_params.get_all(key) for key in ("beside", "factors")}
    copy_link(links.address(view, any=model, **kept))

receipt.reasons(lines, evidence, scores, row)
receipt.advice(advise(scores, row, one.facts, yardstick, evidence), scores, row)
dossier.beside({label: one.evidence(fact, address) for fact, label in BESIDE.items()})
dossier.described({label: one.evidence(fact, FACTS[fact].url(address)) for fact, label in DESCRIBED.items()})

st.header("Beside models of the snapshot", anchor=False)
others, in_vain = picker.some(snapshot, key="beside")
picked = picker.within([m for m in others if m != model], in_vain, picker.MOST - 1)
if picked:
    scores, _ = session.beside(snapshot, view, one.facts, picked)
    rows, subjects = range(len(scores)), [facts, *map(snapshot.subject, picked)]
    read = [{fact: day for fact, (_, day) in one.origins.items()}, *map(snapshot.days, picked)]
    differing = differences([lines_of(scores, n, facts) for n, facts in zip(rows, subjects, strict=True)], read)
    sidebyside.verdict(scores, rows, differing)
    sidebyside.charts(scores, rows)
    sidebyside.table(scores, rows, subjects, differing, False)
frame.footer(snapshot)
