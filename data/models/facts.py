"""Hugging Face: a record of the Hub's API becomes a row of facts.

`facts` is pure and takes every shape that the Hub is known to return: a key that is missing was not collected and
stays unknown (None); a key of an absurd shape is unknown too. Nothing here raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from data.curated import tables
from data.models import hub_security, name_check
from data.models.schema import BESIDE as BESIDE
from data.models.schema import FACTS as FACTS
from data.models.schema import Fact as Fact
from data.models.schema import failures
from data.platforms.hub.card import read_card, read_metadata
from data.platforms.hub.ids import SITE as SITE
from data.platforms.hub.ids import SOURCE, SPACES_LISTED
from data.shapes import as_count, as_date, as_dict, as_strings, as_text

Row = dict[str, Any]

OLDEST = date(2022, 3, 2)  # the Hub gives this date to everything created before it: "this old or older"
FIRST = date(2016, 1, 1)  # no date of the Hub is older

_TRAINING_TAGS = {"generated_from_trainer", "trl", "sft", "dpo", "orpo", "kto", "grpo", "ppo", "rlhf", "reward-trainer"}
_RESULT_TAGS = {"model-index", "eval-results"}
_DERIVED = re.compile(
    r"(?:gguf|ggml|gptq|awq|exl2|exl3|mlx|bnb|dwq|hqq|aqlm|autoround|ct2|ctranslate2|openvino|onnx|tensorrt|trt|coreml|"
    r"rknn|fp8|fp4|nvfp4|mxfp4|nf4|int[2348]|[2-8]bit|w[48]a\d{1,2}|i?q[2-8]|quant|quants|quantized|quantised|imatrix|"
    r"q?lora|loras|dora|adapter|adapters|merge|merged|slerp|distill|distilled|abliterated|abliteration|heretic|"
    r"uncensored|decensored|unfiltered|finetune|finetuned|finetuning|ft|pruned|repack|repackaged)"
)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a record says, in one shape: its tags, its card's metadata and what its README was read for."""

    tags: frozenset[str]
    tags_complete: bool
    cut: frozenset[str]
    metadata: Mapping[str, Any]
    card: Mapping[str, Any]
    read: bool

    def tagged(self, prefix: str) -> list[str]:
        return sorted(t[len(prefix) :] for t in self.tags if t.startswith(prefix) and len(t) > len(prefix))

    def stated(self, key: str) -> list[str]:
        front = as_dict(self.card.get("metadata"))
        return as_strings(self.metadata.get(key)) + as_strings(front.get(key))

    @property
    def complete(self) -> bool:
        """Whether something that no tag and no metadata states is really not stated."""
        return self.tags_complete or bool(self.metadata) or self.read

    def section(self, name: str) -> bool:
        return as_dict(self.card.get("sections")).get(name) is True


def facts(record: object, as_of: date, owner_models: Iterable[str] = ()) -> Row:
    """Turn one record in the shape of the Hub's API into a row: every name of FACTS, None where unknown.

    `as_of` dates a record without `_provenance`; `owner_models` are further model names of the same owner.
    The row also has `id` (None when the record has none) and `notes`: {fact: sentence}.
    """
    said = as_dict(record)
    notes: dict[str, str] = {}
    model_id = as_text(said.get("id")) or as_text(said.get("modelId"))
    row: Row = dict.fromkeys(FACTS) | {"id": model_id, "notes": notes}
    what = _said(said)
    owner, _, name = (model_id or "").partition("/")
    row["task"] = as_text(said.get("pipeline_tag"))
    row["library"] = as_text(said.get("library_name"))
    row["params"] = as_count(said.get("params")) or as_count(as_dict(said.get("safetensors")).get("total"))
    row |= _popularity(said, what, notes)
    row |= _age(said, as_of, notes)
    row |= _access(said)
    row |= _licence(said, what)
    row |= _card(said, what)
    row |= hub_security.files(said, what.tags, complete=what.tags_complete, cut="siblings" in what.cut)
    row["hub_scan"] = hub_security.scan(said)
    if row["hub_scan"] is None and as_dict(said.get("securityRepoStatus")):
        notes["hub_scan"] = "The Hub's scanners have not judged every file yet."
    row |= _owner(said, owner if name else "", name, owner_models)
    row |= _lineage(row, what, model_id or "", owner if name else "", name or owner)
    return row | {"notes": failures(row, said.get("_failed")) | notes}


def origin(record: Mapping[str, Any], key: str, as_of: date) -> tuple[str, str]:
    """Return the source and the day on which a key of a record was read: its `_provenance`, else the Hub on `as_of`."""
    said = as_dict(record.get("_provenance")).get(key)
    source, day = said if isinstance(said, list | tuple) and len(said) == 2 else (None, None)
    read = as_date(day)
    return (as_text(source) or SOURCE, read.isoformat()) if read else (SOURCE, as_of.isoformat())


def _said(record: Mapping[str, Any]) -> _Said:
    tags = record.get("tags")
    cut = frozenset(as_strings(record.get("_incomplete")))
    reduced = as_dict(record.get("readme_facts"))
    text = record.get("readme")
    card = reduced or (read_card(text) if isinstance(text, str) else {})
    return _Said(
        tags=frozenset(t.strip().lower() for t in as_strings(tags)),
        tags_complete=isinstance(tags, list | tuple) and "tags" not in cut,
        cut=cut,
        metadata=read_metadata(record.get("cardData")) if as_dict(record.get("cardData")) else {},
        card=card,
        read=bool(card) and card.get("complete") is not False,
    )


def _popularity(record: Mapping[str, Any], what: _Said, notes: dict[str, str]) -> Row:
    row: Row = {"likes": as_count(record.get("likes")), "downloads_30d": as_count(record.get("downloads"))}
    listed = record.get("spaces")
    counted = as_count(record.get("spaces_total"))  # every one of them, where the model's own list was full
    spaces = as_count(record.get("spaces_count")) if counted is None else counted
    if spaces is None and isinstance(listed, list):
        spaces = len(listed)
    row["spaces"] = spaces
    if spaces is not None:
        row["spaces_at_least"] = counted is None and (spaces == SPACES_LISTED or "spaces" in what.cut)
    if row["downloads_30d"] == 0 and ((row["likes"] or 0) >= 20 or (spaces or 0) > 0):
        row |= {"downloads_30d": None, "downloads_not_counted": True}
        notes["downloads_30d"] = "The Hub shows 0 downloads beside signs of use: it does not count this repository."
    papers = {re.sub(r"v\d+$", "", p) for p in what.tagged("arxiv:")}
    if what.read and not what.tags_complete:
        papers |= {p.lower() for p in as_strings(what.card.get("arxiv"))}
    if papers or what.tags_complete or what.read:
        row["papers"] = len(papers)
        row["papers_at_least"] = not (what.tags_complete or what.read)
    row["github_repo"] = _github_repo(record, what)
    row["discussions"] = as_count(record.get("community"))
    row["pull_requests"] = as_count(record.get("pull_requests"))
    row["discussions_90d"] = as_count(record.get("community_90d"))
    row |= {key: as_count(record.get(key)) for key in ("pull_requests_merged", "citations", "descendants")}
    return row


def _github_repo(record: Mapping[str, Any], what: _Said) -> bool | None:
    """A link in a paper or in the card proves yes; a card that was read proves no, if no paper failed to be asked."""
    if as_strings(record.get("paper_repos")):
        return True
    if not what.read:
        return None
    owner = (as_text(record.get("id")) or "").partition("/")[0].lower()
    tools = as_strings(what.card.get("tool_repos"))  # a runtime's own repository, unless its owner is the model's
    own = [repo for repo in tools if repo.lower().startswith(f"{owner}/")]
    if as_strings(what.card.get("github_repos")) or own:
        return True
    return None if "paper_repos" in as_dict(record.get("_failed")) else False


def _age(record: Mapping[str, Any], as_of: date, notes: dict[str, str]) -> Row:
    row: Row = {}
    dated = (("createdAt", "created", "age_days"), ("lastModified", "modified", "days_since_update"))
    for key, day_fact, days_fact in dated:
        day = as_date(record.get(key))
        if day is None or day < FIRST:
            if day:
                notes[days_fact] = f"The date {day} lies before there was a Hub, so it is none."
            continue
        days = (date.fromisoformat(origin(record, key, as_of)[1]) - day).days
        row[day_fact] = day.isoformat()
        row[days_fact] = max(0, days)
        if days < 0:
            notes[days_fact] = f"The date {day} lies after the day on which it was read; counted as that day."
        if key == "createdAt":
            row["age_at_least"] = day == OLDEST
    return row


def _access(record: Mapping[str, Any]) -> Row:
    gated = record.get("gated")
    gate = gated.strip().lower() if isinstance(gated, str) else gated
    authorization = {False: "none", True: "automatic", "auto": "automatic", "manual": "manual"}
    word = authorization.get(gate) if isinstance(gate, str | bool) else None
    gated = None if word is None else word != "none"
    return {"gated": gated, "authorization": "private" if record.get("private") is True else word}


def _licence(record: Mapping[str, Any], what: _Said) -> Row:
    stated = dict.fromkeys(i.strip().lower() for i in what.tagged("license:") + what.stated("license") if i.strip())
    if not stated:
        return {"license_stated": False if what.complete else None}
    full_name = next(iter(what.stated("license_name")), None)
    classes = [tables.licence_class(i, full_name) for i in stated]
    # Several licences cover several parts: the least open one governs what a user may do with the whole.
    order = ("permissive", "weak_copyleft", "strong_copyleft", "use_restricted", "custom", "non_commercial", "unknown")
    said = [full_name if i == "other" and full_name else i for i in stated]
    return {"license_stated": True, "license": " + ".join(said), "license_class": max(classes, key=order.index)}


def _card(record: Mapping[str, Any], what: _Said) -> Row:
    """A tag or metadata proves yes; only a README that was read proves no."""
    results = record.get("evalResults")
    indexed = bool(_RESULT_TAGS & what.tags)
    indexed |= isinstance(results, list) and any(as_dict(as_dict(r).get("data")) for r in results)
    fronts = (read_metadata({"model-index": record.get("model-index")}), what.metadata, what.card.get("metadata"))
    indexed |= any(as_dict(front).get("has_model_index") is True for front in fronts)
    proved = {
        "metric_info": indexed or bool(what.stated("metrics")) or what.section("metrics"),
        "dataset_info": bool(what.tagged("dataset:") or what.stated("datasets")) or what.section("datasets"),
        "training_info": bool(_TRAINING_TAGS & what.tags) or what.section("training"),
        "evaluation_results": indexed or what.section("evaluation"),
        "example_code": what.card.get("example_code") is True,
    }
    row: Row = {fact: True if yes else (False if what.read else None) for fact, yes in proved.items()}
    config = as_dict(record.get("config"))
    if "custom_code" in what.tags or as_dict(config.get("auto_map")):
        row["remote_code"] = True
    elif what.tags_complete or config:
        row["remote_code"] = False
    return row


def by_account(record: Mapping[str, Any]) -> bool:
    """Whether the level of a model's owner comes from the Hub's page of the account, and not from a curated table."""
    account = as_dict(record.get("authorData"))
    owner = (as_text(record.get("id")) or "").partition("/")[0]
    return bool(account) and (account.get("isVerified") is True or tables.provider_level(owner) is None)


def _owner(record: Mapping[str, Any], owner: str, name: str, owner_models: Iterable[str]) -> Row:
    if not owner:
        return {}
    account = as_dict(record.get("authorData"))
    # An account that the Hub has shown was looked up: neither verified nor in a table is an answer, not a gap.
    looked_up = account.get("found") is True or isinstance(account.get("isVerified"), bool)
    level = tables.provider_level(owner)
    level = 0 if level is None and looked_up else level
    risk = name_check.check(owner, (name, *owner_models))
    return {
        "owner": owner,
        "provider": 2 if account.get("isVerified") is True else level,
        "name_risk": risk.level,
        "looks_like": risk.looks_like,
    }


def _lineage(row: Row, what: _Said, model_id: str, owner: str, name: str) -> Row:
    # The card's spelling before that of the tags, which some sources give in lower case.
    bases = [b.split(":")[-1].strip() for b in what.stated("base_model") + what.tagged("base_model:")]
    bases = [b for b in bases if b and b.lower() != model_id.lower()]
    if bases:
        return {"base_model_info": True, "lineage": "derivative", "base_model": bases[0]}
    tokens = re.split(r"[-_.\s]+", name.lower())
    derived = (
        any(_DERIVED.fullmatch(t) for t in tokens)
        or (row["library"] or "").lower() == "peft"
        or owner.lower() in tables.repackagers()
        or bool(owner and tables.names_foreign_family(name, owner))  # a canonical model has no owner to be foreign to
    )
    if derived:
        return {"lineage": "derivative", "base_model_info": False if what.complete else None}
    if row["provider"] == 2 and what.complete:
        return {"lineage": "original"}
    return {}
