"""Why each weight of each preset is what it is: an opinion with its reason, and a source where somebody else holds it.

The weights themselves stand with the factors and in the presets; a test holds that each of them has its reason here.
"""

from __future__ import annotations

from collections.abc import Mapping

from scoring.scorecards import DEFAULT_PRESET, MODEL, PRESETS

SOURCES: Mapping[str, str] = {
    "Hub, download counts": "https://huggingface.co/docs/hub/models-download-stats",
    "Hub, gated models": "https://huggingface.co/docs/hub/models-gated",
    "Hub, licences": "https://huggingface.co/docs/hub/repositories-licenses",
    "Hub, malware scanning": "https://huggingface.co/docs/hub/security-malware",
    "Hub, model cards": "https://huggingface.co/docs/hub/model-cards",
    "Hub, pickle scanning": "https://huggingface.co/docs/hub/security-pickle",
    "Mitchell et al., Model Cards for Model Reporting": "https://arxiv.org/abs/1810.03993",
    "Python, pickle": "https://docs.python.org/3/library/pickle.html",
}
Reason = tuple[str, str]  # why, and the name of its source (empty: our own judgement)

_BALANCED: Mapping[str, Reason] = {
    "popularity": ("Wide use finds faults early; it counts as much as what can be checked, and no more.", ""),
    "activity": ("A third of the others: threads measure attention as much as upkeep.", ""),
    "operational": ("Owner, licence and documents decide whether a model can be used.", "Hub, model cards"),
    "security": ("Loading a model can run code, so its risk weighs as much as its use.", "Hub, pickle scanning"),
    "downloads": ("The most direct sign of use, though machines download too.", "Hub, download counts"),
    "likes": ("People give likes, not machines, but mostly while a model is new; a little less than downloads.", ""),
    "spaces": ("A demo proves that others made it run; half of downloads, since few models need one.", ""),
    "papers": ("A paper can be read and checked, but a tag is easily added; the least weight.", ""),
    "github_repo": ("Code can be inspected, but a link says nothing of its quality; the least weight.", ""),
    "discussions": ("Questions and answers count as much as changes: both need somebody who cares.", ""),
    "pull_requests": ("A proposal to change a model is as much care as a question about it.", ""),
    "provider": ("Who answers for a model matters more than any single entry of its card.", ""),
    "age": ("Time finds faults, but says less of a model than who stands behind it.", ""),
    "authorization": ("Half of the question of access: a gate is counted a single time.", "Hub, gated models"),
    "gated": ("The other half: whether there is a gate, whoever opens it.", "Hub, gated models"),
    "license_stated": ("Stating a licence is the least; what it permits is asked next.", "Hub, licences"),
    "license_type": ("What a licence permits decides who may use it: three times as much.", "Hub, licences"),
    "metric_info": (
        "A metric's name helps to read results, which count for themselves.",
        "Mitchell et al., Model Cards for Model Reporting",
    ),
    "dataset_info": ("Risks come with the data.", "Mitchell et al., Model Cards for Model Reporting"),
    "training_info": ("How a model was trained matters as much as on what.", "Hub, model cards"),
    "evaluation_results": (
        "Claims without results cannot be compared.",
        "Mitchell et al., Model Cards for Model Reporting",
    ),
    "card_topics": ("Prose explains what no metadata holds; as much as one part of it.", "Hub, model cards"),
    "base_model_info": ("Derivatives alone are asked, and the name of the base is one line.", "Hub, model cards"),
    "safetensors": ("Formats that hold only numbers rule out the commonest attack.", "Python, pickle"),
    "unsafe_files": ("Each file that can run code is a way in; as much as the format.", "Python, pickle"),
    "hub_scan": ("A scan of the files is the most direct evidence there is.", "Hub, malware scanning"),
    "example_code": ("Shown use prevents unsafe guesses, but protects from no attacker; half.", ""),
    "remote_code": ("It runs only for users who allow it; half of what runs without asking.", ""),
    "typosquatting": ("A name is a hint, not a proof, and a grave case caps the total anyway; half.", ""),
    "access_control": ("A gate lets an owner reach users; its cost counts above.", "Hub, gated models"),
}  # fmt: skip
_CHANGED: Mapping[str, Mapping[str, Reason]] = {
    "security_first": {
        "popularity": ("Many users do not make a file safe; a little, since they find faults.", ""),
        "activity": ("Threads warn now and then; next to nothing.", ""),
        "operational": ("Owner and licence are part of a security review, after the files.", ""),
        "security": ("For those who must defend what they load: more than all else together.", "Hub, pickle scanning"),
    },
    "adoption": {
        "popularity": ("For those who follow the crowd: more than all else together.", "Hub, download counts"),
        "activity": ("An active community answers whoever joins it.", ""),
        "operational": ("Enough to tell a model that can be used from one that cannot.", ""),
        "security": ("A tenth: the cap still holds what a scan found.", ""),
    },
    "transparency": {
        "popularity": ("Fame is no documentation; a tenth.", ""),
        "activity": ("Threads tell little of how a model was made.", ""),
        "operational": ("For those who ask how a model was made: two thirds.", "Hub, model cards"),
        "security": ("What is in the files is part of being open.", ""),
        "dataset_info": ("Doubled: what this preset asks first.", "Mitchell et al., Model Cards for Model Reporting"),
        "training_info": ("Doubled, as the data: how it was made.", "Hub, model cards"),
        "evaluation_results": ("Doubled: claims that can be checked.", "Hub, model cards"),
        "example_code": ("Doubled: use that is shown is documentation, too.", "Hub, model cards"),
        "metric_info": ("Doubled with the results that it explains.", "Hub, model cards"),
        "base_model_info": ("Doubled: where a model comes from.", "Hub, model cards"),
        "license_stated": ("Doubled: a licence that is stated is the first thing to disclose.", "Hub, licences"),
        "provider": ("Small: a well-known name explains nothing.", ""),
        "age": ("Small: neither age nor upkeep explains how a model was made.", ""),
        "authorization": ("Small: who may have the files is another question than how safe they are.", ""),
        "gated": ("Small, as the other half of the same question.", ""),
    },
    "operations": {
        "popularity": ("Others in production are a help, half as much as in Balanced.", ""),
        "activity": ("Whoever runs a model needs somebody who answers; more than in Balanced.", ""),
        "operational": ("For those who run models: nearly half.", ""),
        "security": ("A little less than in Balanced, since files are checked before they are deployed.", ""),
        "license_type": ("Doubled: the wrong licence stops a product.", "Hub, licences"),
        "age": ("Doubled: what is not kept up breaks in production.", ""),
        "authorization": ("Three times: a hurdle stops an unattended deployment.", "Hub, gated models"),
        "gated": ("Three times, as the other half of the same question.", "Hub, gated models"),
        "example_code": ("A half more: code that runs saves an integrator's time.", ""),
        "license_stated": ("Doubled: without one no lawyer says yes.", "Hub, licences"),
    },
}
_NONE: Reason = ("Nobody has written down yet why it weighs what it does.", "")
REASONS: Mapping[str, Mapping[str, Reason]] = {DEFAULT_PRESET: _BALANCED} | dict(_CHANGED)


def reason(preset: str, weight_id: str) -> Reason:
    """Return why a category or factor weighs what it does in a preset; what it leaves as it is keeps its reason.

    A new factor works before its reason is written: a plain sentence says that there is none.
    """
    return REASONS[preset].get(weight_id) or _BALANCED.get(weight_id, _NONE)


def table(preset: str) -> list[dict[str, str]]:
    """Return the weights that a preset sets (the default one all), each with its reason and its source."""
    weights = MODEL.with_weights(PRESETS[preset]).weights()
    labels = {c.id: c.label for c in MODEL.categories} | {f.id: f.label for f in MODEL.factors}
    rows = []
    for weight_id, (why, source) in REASONS[preset].items():
        cited = f"{source}, {SOURCES[source]}" if source else "our judgement"
        rows.append({"weight of": labels[weight_id], "weight": f"{weights[weight_id]:g}", "why": why, "source": cited})
    return rows
