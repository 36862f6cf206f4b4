"""Hugging Face: a record of the Hub's API becomes a row of facts.

`facts` is pure and takes every shape that the Hub is known to return: a key that is missing was not collected and
stays unknown (None); a key of an absurd shape is unknown too. Nothing here raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Final

from data.curated import tables
from data.curated.licences import ORDER as LICENCE_ORDER
from data.curated.licences import freer, licence_class
from data.models import files, name_check
from data.models.reported import reported
from data.models.schema import BESIDE as BESIDE
from data.models.schema import DESCRIBED as DESCRIBED
from data.models.schema import FACTS as FACTS
from data.models.schema import Fact as Fact
from data.models.schema import failures
from data.models.stated import Stated, stated
from data.platforms.hub.card import (
    auto_map,
    finite,
    is_placeholder,
    named_dataset,
    named_model,
    own_repository,
    read_metadata,
)
from data.platforms.hub.ids import SITE as SITE
from data.platforms.hub.ids import SOURCE, SPACES_LISTED
from data.shapes import as_count, as_date, as_dict, as_strings, as_text

Row = dict[str, Any]

_day = lru_cache(maxsize=1024)(as_date)  # few days are read from, by many facts
OLDEST = date(2022, 3, 2)  # the Hub gives this date to everything created before it: "this old or older"
FIRST = date(2016, 1, 1)  # no date of the Hub is older

_TRAINING_TAGS = {"generated_from_trainer", "trl", "sft", "dpo", "orpo", "kto", "grpo", "ppo", "rlhf", "reward-trainer"}
_RESULT_TAGS = {"model-index", "eval-results"}
_CODE_TAGS = {"custom_code", "kernels"}  # a repository of the library kernels is nothing but code that it imports
_CARD_TOPICS = ("datasets", "training", "evaluation", "intended_use")  # of a README's prose
_RELATIONS = ("adapter:", "finetune:", "merge:", "quantized:")  # how a tag base_model:RELATION:ID says what was done
_DERIVED = re.compile(
    r"(?<![^-_.\s])(?:gguf|ggml|gptq|awq|exl2|exl3|mlx|bnb|dwq|hqq|aqlm|autoround|ct2|ctranslate2|openvino|onnx|tensorrt|trt|coreml|"
    r"rknn|fp8|fp4|nvfp4|mxfp4|nf4|int[2348]|[2-8]bit|w[48]a\d{1,2}|i?q[2-8]|quant|quants|quantized|quantised|imatrix|"
    r"q?lora|loras|dora|adapter|adapters|merge|merged|slerp|distill|distilled|abliterated|abliteration|heretic|"
    r"uncensored|decensored|unfiltered|finetune|finetuned|finetuning|ft|pruned|repack|repackaged)(?![^-_.\s])"
)


# A licence that lies beside the weights, under the usual names: LICENSE, LICENCE.md, COPYING, MODEL_LICENSE.txt.
_LICENCE_FILE: Final = re.compile(
    r"(?!.*(?:plate|data))(?:(?:licen[cs]es|legal)/)?(?:[^/.]*[-_])?(?:(?:un)?licen[cs]e|copying|eula)(?:[-_ ][^/.]*)?"
    r"(?:\.(?:en|zh|cn|ja|ko|de|fr|es|ru)(?:[-_][a-z]{2})?)?(?:\.(?:txt|md|rst|rtf|pdf|html?|mit|apache|lesser|models?|weights?|code))?|licen[cs]es/[^/]+\.(?:txt|md)",
    re.IGNORECASE,
)
# Code that a loader imports from a repository, if its user allows it to.
_LOADER_CODE: Final = re.compile(
    r"(?:.*/)?(?:(?:configuration|processing|image_processing|video_processing|feature_extraction|generation)_\w+"
    r"|(?:modell?ing|tokeni[sz]ation)(?:_\w+)?|custom_\w+|custom_generate/\w+)\.py[cdx]?",
    re.IGNORECASE,
)
# Of a diffusers repository also what its pipeline or one of its parts is made of.
_PIPELINE: Final = re.compile(
    r"(?:.*/)?\w*pipeline\w*\.py|(?:unet|transformer|prior|vae|text_encoder|tokenizer|scheduler|controlnet|feature_extractor"
    r"|image_encoder|safety_checker)\w*/\w+\.py",
    re.IGNORECASE,
)
# Code that models of the largest owners bring beside what a loader imports.
_AT_HAND: Final = re.compile(r"inference/.*\.py|.*\.ipynb", re.IGNORECASE)


def facts(record: object, as_of: date, owner_models: Iterable[str] = ()) -> Row:
    """Turn one record in the shape of the Hub's API into a row: every name of FACTS, None where unknown.

    `as_of` is the snapshot's day: every age is counted at it, whatever day a date was read on. `owner_models` are
    further model names of the same owner.
    The row also has `id` (None when the record has none) and `notes`: {fact: sentence}.
    """
    keys = as_dict(record)
    notes: dict[str, str] = {}
    model_id = as_text(keys.get("id")) or as_text(keys.get("modelId"))
    row: Row = dict.fromkeys(FACTS) | {"id": model_id, "notes": notes}
    what = stated(keys)
    owner, _, name = (model_id or "").partition("/")
    row["task"] = as_text(keys.get("pipeline_tag"))
    row["library"] = as_text(keys.get("library_name"))
    row["revision"] = _revision(keys)
    row["task_group"] = tables.task_group(row["task"], what.tags | {(row["library"] or "").lower()})
    headers = (as_dict(keys.get(name)) for name in ("safetensors", "gguf"))
    row["params"] = as_count(keys.get("params")) or next(
        filter(None, (as_count(h.get("total")) for h in headers)), None
    )
    row["context"] = as_count(keys.get("context")) or as_count(as_dict(keys.get("gguf")).get("context_length"))
    row |= reported(keys)
    row |= _popularity(keys, what, model_id or "", notes)
    row |= _age(keys, as_of, notes)
    row |= _access(keys, what, notes)
    row |= _licence(what, notes)
    row |= _card(keys, what)
    row["remote_code"] = _remote_code(keys, what)
    row |= files.security(keys, what.tags, complete=what.tags_complete, cut="siblings" in what.cut)
    row["hub_scan"] = files.scan(keys)
    if row["hub_scan"] is None and as_dict(keys.get("securityRepoStatus")):
        notes["hub_scan"] = "The Hub's scanners have not judged every file yet."
    row |= _owner(keys, owner if name else "", name, owner_models)
    row |= _lineage(row, what, model_id or "", owner if name else "", name or owner)
    if name:
        row |= _same_name(row, what, owner, name)
    _freer(row, notes)
    row["notes"] = failures(row, keys.get("_failed")) | notes
    return row


def _revision(record: Mapping[str, Any]) -> str | None:
    """Return the commit that a listing is of; anything but forty hex digits is none."""
    sha = (as_text(record.get("sha")) or "").lower()
    return sha if re.fullmatch("[0-9a-f]{40}", sha) else None


def origin(record: Mapping[str, Any], key: str, as_of: date) -> tuple[str, str]:
    """Return the source and the day on which a key of a record was read: its `_provenance`, else the Hub on `as_of`."""
    pair = as_dict(record.get("_provenance")).get(key)
    source, day = pair if isinstance(pair, list | tuple) and len(pair) == 2 else (None, None)
    read = _day(day) if isinstance(day, str) else as_date(day)
    return (as_text(source) or SOURCE, read.isoformat()) if read else (SOURCE, as_of.isoformat())


def _popularity(record: Mapping[str, Any], what: Stated, model_id: str, notes: dict[str, str]) -> Row:
    row: Row = {"likes": as_count(record.get("likes")), "downloads_30d": as_count(record.get("downloads"))}
    row |= _spaces(record, what)
    if row["downloads_30d"] == 0 and ((row["likes"] or 0) >= 20 or (row["spaces"] or 0) > 0):
        row |= {"downloads_30d": None, "downloads_not_counted": True}
        notes["downloads_30d"] = "The Hub shows 0 downloads beside signs of use: it does not count this repository."
    row |= _papers(what, model_id)
    row["github_repo"] = _github_repo(record, what, model_id)
    row["discussions"] = as_count(record.get("community"))
    row["discussions_90d"] = as_count(record.get("community_90d"))
    counted = ("pull_requests", "pull_requests_merged", "citations", "descendants")
    return row | {key: as_count(record.get(key)) for key in counted}


def _spaces(record: Mapping[str, Any], what: Stated) -> Row:
    listed = record.get("spaces")
    counted = as_count(record.get("spaces_total"))  # every one of them, where the model's own list was full
    spaces = as_count(record.get("spaces_count")) if counted is None else counted
    if spaces is None and isinstance(listed, list):
        spaces = len(listed)
    if spaces is None:
        return {"spaces": None}
    return {"spaces": spaces, "spaces_at_least": counted is None and (spaces == SPACES_LISTED or "spaces" in what.cut)}


def _papers(what: Stated, model_id: str) -> Row:
    """Distinct papers, without those that a tool writes into every card, unless the tool's makers publish the model."""
    papers = {re.sub(r"v\d+$", "", p) for p in what.tagged("arxiv:")}
    if what.read and not what.tags_complete:
        papers |= {p.lower() for p in as_strings(what.card.get("arxiv"))}
    owner, templates = model_id.partition("/")[0].lower(), tables.template_papers()
    own = {p for p in papers if p not in templates or owner in templates[p]}
    if own or what.tags_complete or what.read:
        return {"papers": len(own), "papers_at_least": not (what.tags_complete or what.read)}
    return {}


def _github_repo(record: Mapping[str, Any], what: Stated, model_id: str) -> bool | None:
    """A link in a paper or in the card proves yes; a card that was read proves no, if no paper failed to be asked."""
    if as_strings(record.get("paper_repos")):
        return True
    if not what.read:
        return None
    if own_repository(what.card, model_id):
        return True
    return None if "paper_repos" in as_dict(record.get("_failed")) else False


def _age(record: Mapping[str, Any], as_of: date, notes: dict[str, str]) -> Row:
    row: Row = {}
    dated = (("createdAt", "created", "age_days"), ("lastModified", "modified", "days_since_update"))
    for key, day_fact, days_fact in dated:
        day = as_date(record.get(key))
        if day is None or day < FIRST:
            if day:
                notes[days_fact] = f"The date {day} lies before there was a Hub, so it is not counted."
            continue
        days = (as_of - day).days
        row[day_fact] = day.isoformat()
        row[days_fact] = max(0, days)
        if days < 0:
            notes[days_fact] = f"The date {day} lies after {as_of}, the day of this snapshot; counted as that day."
        if key == "createdAt":
            row["age_at_least"] = day == OLDEST
    return row


def _access(record: Mapping[str, Any], what: Stated, notes: dict[str, str]) -> Row:
    if files.disabled(record):
        notes["authorization"] = "The Hub has disabled this repository: nobody can open its files."
        return {}
    gated = record.get("gated")
    gate = gated.strip().lower() if isinstance(gated, str) else gated
    authorization = {False: "none", True: "automatic", "auto": "automatic", "manual": "manual"}
    word = authorization.get(gate) if isinstance(gate, str | bool) else None
    gated = None if word is None else word != "none"
    if gated is None and (what.metadata.get("gate") is True or what.front.get("gate") is True):
        gated = True  # what a card asks for before access proves a gate, and not who opens it
    return {"gated": gated, "authorization": "private" if record.get("private") is True else word}


def _licence(what: Stated, notes: dict[str, str]) -> Row:
    """A licence is stated in the metadata, in a file beside the weights, or in the README; else see `_not_found`.

    What counts is the metadata alone, which every listing carries: who was read more closely must gain nothing by it.
    """
    words = (i.strip().lower() for i in what.tagged("license:") + what.stated("license"))
    ids: dict[str, None] = dict.fromkeys(word for word in words if not is_placeholder(word))
    name = next(iter(what.stated("license_name")), None)
    if not ids and (name or what.stated("license_link")):
        ids = {"other": None}
    if ids:
        classes = [licence_class(i, name) for i in ids]
        stated = [name if i == "other" and name else i for i in ids]
        # Several licences cover several parts: the least open one governs what a user may do with the whole.
        kind = max(classes, key=LICENCE_ORDER.index)
        found = _found("license_stated") | {"license_in_metadata": True}
        return found | {"license": " + ".join(stated), "license_class": kind}
    file = next(filter(_LICENCE_FILE.fullmatch, what.files), None)
    elsewhere = file is not None or what.section("license")
    if elsewhere:
        place = f"The file {file[:100]}" if file else "The README"
        notes["license_class"] = f"{place} states a licence, the metadata does not; what it permits was not read."
    found = _found("license_stated") if elsewhere else _not_found("license_stated", what, what.files_complete)
    return found | {"license_in_metadata": False if what.complete else None}


def _found(fact: str) -> Row:
    return {fact: True, f"{fact}_at_least": False}


def _not_found(fact: str, what: Stated, looked: bool = True) -> Row:
    """Rule: what is not in one place is a known no only when the other places were `looked` at, the README among them.

    Where only the metadata was read it is no, as for all, and its interval stays open to yes.
    """
    if not what.complete:
        return {fact: None}
    return {fact: False, f"{fact}_at_least": not (looked and what.read)}


def _card(record: Mapping[str, Any], what: Stated) -> Row:
    """What the metadata states, known where it or a whole list of tags was read, and what only a README shows.

    The Hub's tags mirror every key of the metadata that is asked for here, except the metrics.
    """
    has_results = _has_results(record, what)
    datasets = [named for name in what.tagged("dataset:") if (named := named_dataset(name))] or what.stated("datasets")
    trained = not _TRAINING_TAGS.isdisjoint(what.tags) or any(t.lower() in _TRAINING_TAGS for t in what.stated("tags"))
    sections = as_dict(what.card.get("sections"))
    asked = {
        "metric_info": (has_results or bool(what.stated("metrics")), what.metadata_read),
        "dataset_info": (bool(datasets), what.complete),
        "training_info": (trained, what.complete),
        "evaluation_results": (has_results, what.complete),
        "example_code": (what.card.get("example_code") is True, what.read),
    }
    row: Row = {fact: True if yes else (False if known else None) for fact, (yes, known) in asked.items()}
    if what.read and all(topic in sections for topic in _CARD_TOPICS):
        row["card_topics"] = sum(what.section(topic) for topic in _CARD_TOPICS)
    return row


def _has_results(record: Mapping[str, Any], what: Stated) -> bool:
    """Whether a number was measured; the tag of a model-index counts where nobody saw that the index has none."""
    results = record.get("evalResults")
    measured = [as_dict(as_dict(r).get("data")) for r in results] if isinstance(results, list) else []
    if any(finite(data.get("value")) for data in measured):
        return True
    index = read_metadata({"model-index": record["model-index"]}) if record.get("model-index") else {}
    seen = [front.get("results") for front in (index, what.metadata, what.front)]
    return True in seen or (False not in seen and bool(_RESULT_TAGS & what.tags))


def _remote_code(record: Mapping[str, Any], what: Stated) -> bool | None:
    """Whether loading runs code of the repository. Files that a loader imports, or a card that asks for it: unknown.

    Both together, the tag of the Hub, or an auto_map in any configuration of the record prove it.
    """
    config = as_dict(record.get("config"))
    custom = as_dict(record.get("transformersInfo")).get("custom_class")  # the Hub's reading of an auto_map
    if _CODE_TAGS & what.tags or custom or auto_map(config):
        return True
    of_diffusers = "diffusers" in (*what.tags, record.get("library_name")) or "model_index.json" in what.files
    scripts = [f for f in what.files if ".py" in f.lower()]
    imported = any(_LOADER_CODE.fullmatch(f) or (of_diffusers and _PIPELINE.fullmatch(f)) for f in scripts)
    asked = what.card.get("trust_remote_code") is True
    if imported or asked:
        return True if imported and asked else None
    # Nobody can open the files of a disabled repository, so that none of them is known to be missing.
    return False if (what.tags_complete or config) and not files.disabled(record) else None


def by_account(record: Mapping[str, Any]) -> bool:
    """Whether the level of a model's owner comes from the Hub's page of the account, and not from a curated table."""
    account = as_dict(record.get("authorData"))
    owner = (as_text(record.get("id")) or "").partition("/")[0]
    unlisted = tables.provider_level(owner) is None and record.get("established") is not True
    return bool(account) and (account.get("isVerified") is True or unlisted)


def by_listings(record: Mapping[str, Any]) -> bool:
    """Whether the level of a model's owner comes from the other listings of its snapshot: `established` says it."""
    owner = (as_text(record.get("id")) or "").partition("/")[0]
    return isinstance(record.get("established"), bool) and not tables.provider_level(owner)


def _owner(record: Mapping[str, Any], owner: str, name: str, owner_models: Iterable[str]) -> Row:
    if not owner:
        return {}
    account = as_dict(record.get("authorData"))
    # An account that the Hub has shown was looked up: neither verified nor in a table is an answer, not a gap.
    looked_up = account.get("found") is True or isinstance(account.get("isVerified"), bool)
    level = tables.provider_level(owner)
    if not level and isinstance(record.get("established"), bool):
        level = int(record["established"])
    level = 0 if level is None and looked_up else level
    risk = name_check.check(owner, (name, *owner_models))
    return {
        "owner": owner,
        "provider": 2 if account.get("isVerified") is True else level,
        "name_risk": risk.level,
        "looks_like": risk.looks_like,
    }


def _same_name(row: Row, what: Stated, owner: str, name: str) -> Row:
    """Judge the model's own name, where its owner's is not reason enough for doubt."""
    if row["provider"] or row["name_risk"] == "high" or tables.official_model(name) is None:
        return {}
    scripts = _added(what, tables.official_model(name), custom_code=row["remote_code"] is True)
    created = date.fromisoformat(row["created"]) if row["created"] else None
    risk = name_check.check_model(owner, name, created, row["age_days"], scripts=bool(scripts))
    if risk.note:
        row["notes"]["name_risk"] = risk.note
    return {} if risk.level == "none" else {"name_risk": risk.level, "looks_like": risk.looks_like}


def _added(what: Stated, original: tables.KnownModel | None, *, custom_code: bool) -> list[str]:
    """The programs that a copy of an official model holds and its original, for all that is known, does not."""
    programs = [f for f in what.files if files.is_program(f) and not _AT_HAND.fullmatch(f)]
    own = original.custom_code if original else None
    if own is not False:  # code that a loader imports may be the original's as much as the copy's
        programs = [f for f in programs if not _LOADER_CODE.fullmatch(f)]
    if own and custom_code:  # and what it imports in turn may have any name
        programs = [f for f in programs if not f.lower().endswith(".py")]
    return programs


def _lineage(row: Row, what: Stated, model_id: str, owner: str, name: str) -> Row:
    # The card's spelling before that of the tags, which some sources give in lower case.
    tagged = (named_model(b.split(":", 1)[-1] if b.startswith(_RELATIONS) else b) for b in what.tagged("base_model:"))
    bases = [b for b in (*what.stated("base_model"), *tagged) if b and b.lower() != model_id.lower()]
    if bases:
        stated = _found("base_model_info") | {"base_model_in_metadata": True}
        return stated | {"lineage": "derivative", "base_model": bases[0]}
    derived = _derives(name, owner, (row["library"] or "").lower())
    in_metadata = {"base_model_in_metadata": False if derived and what.complete else None}
    if what.section("base_model") and (derived or row["provider"] != 2):
        return _found("base_model_info") | {"lineage": "derivative"} | in_metadata
    if derived:
        return {"lineage": "derivative"} | _not_found("base_model_info", what) | in_metadata
    if row["provider"] == 2 and what.complete and (row["library"] or what.tags_complete):  # a library may be peft
        return {"lineage": "original"}
    return {}


def _derives(name: str, owner: str, library: str) -> bool:
    """Whether a model is made of another by its own name, its library or its owner's trade."""
    return (
        _DERIVED.search(name.lower()) is not None
        or library == "peft"
        or owner.lower() in tables.repackagers()
        or bool(owner and tables.names_foreign_family(name, owner))  # a canonical model has no owner to be foreign to
    )


def _freer(row: Row, notes: dict[str, str]) -> None:
    """Note a derivative whose licence permits more than that of its base, which may bind it all the same."""
    base = tables.known_model(row["base_model"]) if row["base_model"] else None
    if base and base.license and freer(row["license_class"], licence_class(base.license)):
        notes["license_class"] = (
            f"Its licence, {row['license']}, is freer than its base model's: {base.id} is under {base.license}."
        )
