"""Model: the verdict on one model, its total, every reason for it, and what would change its rank."""

from urllib.parse import quote

import streamlit as st

from components import citation, dossier, firmness, frame, links, picker, planner, receipt, session, trend
from components.copy_link import copy_link
from components.panel import model_panel
from data.curated import tables
from data.models.facts import BESIDE, DESCRIBED, FACTS, SITE
from scoring.reasons.receipt import receipt as lines_of
from scoring.reasons.verdict import Group
from scoring.reasons.whatif import advise
from scoring.scorecards import MODEL

snapshot = session.snapshot()
view = model_panel(snapshot)
asked, model = picker.one(snapshot)
if not model:
    picker.none_found(asked, snapshot)
    frame.footer(snapshot)
    st.stop()

whole, at = session.scores(snapshot, view), snapshot.rows([model])
scores, row, subject = whole.of(at), 0, snapshot.facts.iloc[at]
group = Group.of(whole, at[0], snapshot.facts["task_group"])
facts = snapshot.subject(model)
address = f"{SITE}/{quote(model)}"
first = {f.id: f.reads[0] for f in MODEL.factors}
evidence = {i: snapshot.evidence(model, name, facts[name], address + FACTS[name].page) for i, name in first.items()}
lines = lines_of(scores, row, facts, evidence)

dossier.headline(model, facts, address)
dossier.standing(scores, row, group, view.min_coverage)
dossier.findings(subject)
dossier.dates(evidence.values())
with st.container(horizontal=True, vertical_alignment="center"):
    links.link_to("compare", "Compare with …", icon=":material/compare_arrows:", compare=[model])
    if organisation := tables.organisation_of(model.partition("/")[0]):
        label = f"Influence of {organisation}"
        links.link_to("organisation", label, icon=":material/domain:", organisation=organisation)
    picker.pin(model)
    dossier.evidence_sheet(snapshot, view, scores, row, group, evidence, links.address(view, model=model))
    dossier.receipt_file(scores, row, facts, evidence, **session.of_snapshot(view, snapshot))
    own = {key: st.query_params.get_all(key) for key in ("factors", *trend.KEYS)}
    with copy_link(links.address(view, model=model, **own)):
        links.as_code(view, snapshot.taken, model)
        citation.cite(scores, row, model=model, **session.of_snapshot(view, snapshot))

near = whole.of(firmness.neighbours(whole, at[0]))
firmness.places(near, range(len(near)), "What weights would change its place?", "tipping")
receipt.reasons(lines, evidence, scores, row)
yardstick = snapshot.yardstick(MODEL, view.yardstick)
found = advise(scores, row, subject, yardstick, evidence)
receipt.advice(found, scores, row)
planner.plan(found, scores, row, subject, yardstick)
dossier.beside({label: snapshot.evidence(model, fact, facts.get(fact), address) for fact, label in BESIDE.items()})
dossier.described(
    {
        label: snapshot.evidence(model, fact, facts.get(fact), FACTS[fact].url(address))
        for fact, label in DESCRIBED.items()
    }
)
trend.over_time(view, snapshot, model, BESIDE)
frame.footer(snapshot)
