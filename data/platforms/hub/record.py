"""Hugging Face: what the Hub sent for one model becomes a record, the shape that facts are read from. Pure.

A record keeps what facts need and no prose: of the card's metadata the short fields, of the configuration what says
how a model is loaded. The README's text is in it only on the way to the facts; a snapshot stores what was read from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from data.http.message import Response
from data.platforms.hub.ask import (
    NO_FILE,
    ODD,
    PAPERS_ASKED,
    Raw,
    arxiv,
    descendants,
    files,
    lists_no_readme,
    odd_keys,
    status,
)
from data.platforms.hub.card import auto_map, finite, is_repository, known_keys, links_own_repository, read_metadata
from data.platforms.hub.ids import SOURCE
from data.platforms.hub.templates import reaches_internals
from data.platforms.hub.threads import RECENT, days_before, thread, whole_list
from data.shapes import as_count, as_dict, as_strings, as_text

_PLAIN: Final = (
    "author", "tags", "downloads", "downloadsAllTime", "likes", "createdAt", "lastModified", "gated", "private",
    "disabled", "pipeline_tag", "library_name", "sha", "trendingScore",
)  # fmt: skip
_CARD: Final = (
    "license", "license_name", "license_link", "base_model", "datasets", "metrics", "language", "library_name",
    "pipeline_tag", "tags",
)  # fmt: skip
_CONFIG: Final = ("architectures", "model_type", "auto_map", "custom_pipelines")
_RESULTS: Final = 6  # of a model-index: as many as the leaderboard that wrote most of them has
_RESULT: Final = ("dataset", "metrics", "source")  # what was measured on what, and who reports it


def record(raw: Raw) -> dict[str, Any]:
    """Make the record of one model. Every key has its source and day in `_provenance`.

    `_failed` says for a key that was asked for and did not come why it is missing.
    """
    row, odd = raw.row, set(odd_keys(raw.row))
    made = _row(row, odd)
    dates = dict.fromkeys(made, raw.at)
    for step, response in raw.responses.items():
        keys = _read(step, response)
        made |= keys
        dates |= dict.fromkeys(keys, response.at)
    if "readme" not in raw.responses and lists_no_readme(row):
        made["readme"], dates["readme"] = "", raw.at
    made |= _paper_repos(raw, dates)
    made["_provenance"] = {key: [SOURCE, at[:10]] for key, at in dates.items() if key not in ("id", "_incomplete")}
    read_as = {_READ_AS.get(key, key) for key in odd}
    failed = {key: "The Hub did not send it." for key in _ALWAYS if row.get(key) is None}
    failed |= dict.fromkeys(read_as, f"{ODD}.") | _failed(raw)
    if failed := {key: reason for key, reason in failed.items() if key not in made or key in read_as}:
        made["_failed"] = failed
    return made


def _row(row: Mapping[str, Any], odd: set[str]) -> dict[str, Any]:
    """Return the keys of a record that the model's own row gives, without those that cannot be read."""
    made: dict[str, Any] = {"id": as_text(row.get("id")) or as_text(row.get("modelId"))}
    made |= {key: row[key] for key in _PLAIN if row.get(key) is not None and key not in odd}
    made |= _reduced(row)
    if isinstance(row.get("tags"), list) and len(as_strings(row["tags"])) < len(row["tags"]):
        made["_incomplete"] = ["tags"]  # what cannot be read hides a tag as surely as a list that was cut short
    return made


def _failed(raw: Raw) -> dict[str, str]:
    """Return why the further replies do not give the keys that they were asked for."""
    failed: dict[str, str] = {}
    for step, response in raw.responses.items():
        if not response.good:
            failed |= dict.fromkeys(_KEYS.get(step, ()), response.reason)
        if step.startswith("paper:") and response.kind not in ("", "missing"):
            failed["paper_repos"] = response.reason
    listed, asked = len(arxiv(raw.row)), any(step.startswith("paper:") for step in raw.responses)
    if "readme" in raw.responses and listed and not asked and not _links_code(raw):
        failed["paper_repos"] = "Its papers were not asked."
    if listed > PAPERS_ASKED and asked:
        failed["paper_repos"] = f"Only {PAPERS_ASKED} of its {listed} papers were asked."
    return failed


def _links_code(raw: Raw) -> bool:
    """Whether a card links a repository of code, so that the model's papers need not be asked for one."""
    readme = raw.responses["readme"]
    return readme.good and links_own_repository(readme.text, as_text(raw.row.get("id")) or "")


_ALWAYS: Final = ("downloads", "likes", "createdAt", "lastModified", "gated", "tags", "siblings", "spaces")
_READ_AS: Final = {"spaces": "spaces_count"}  # a key of a row -> the record's key that it becomes
_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "readme": ("readme",),
    "scan": ("securityRepoStatus",),
    "discussions": ("community", "pull_requests"),
    "pull_requests": ("pull_requests",),
    "owner": ("authorData",),
    "spaces": ("spaces_total",),
}


def _read(step: str, response: Response) -> dict[str, Any]:
    """Return the keys of a record that a reply gives; none for a failed or an absurd one."""
    if step == "readme":
        gone = response.kind == "missing" and response.code == NO_FILE
        return {"readme": response.text} if response.good else ({"readme": ""} if gone else {})
    if not response.good:
        return {}
    sent = as_dict(response.data)
    match step:
        case "scan":
            verdict = status(sent)
            kept = {key: verdict[key] for key in ("scansDone", "filesWithIssues") if key in verdict}
            return {"securityRepoStatus": kept} if kept else {}
        case "discussions":
            return _threads(response)
        case "pull_requests":
            count = as_count(sent.get("count"))
            return {} if count is None else {"pull_requests": count}
        case "owner":
            known = ("isVerified", "numModels", "numFollowers", "plan", "type")
            about = {key: sent[key] for key in known if isinstance(sent.get(key), str | int | bool)}
            return {"authorData": about | {"found": True}} if sent else {}
        case "spaces":
            return {"spaces_total": as_count(response.data)}
        case "history:all":
            return _recent(response.data, response.at)
        case "history:pull_request":
            return _merged(response.data)
        case _:  # papers are read together
            return {}


def _threads(response: Response) -> dict[str, Any]:
    count = as_count(as_dict(response.data).get("count"))
    found: dict[str, Any] = {} if count is None else {"community": count}
    threads = whole_list(response)
    if threads is not None:
        asked = [thread(t) for t in threads if t["isPullRequest"]]
        found |= {"pull_requests": len(asked)} | _recent([thread(t) for t in threads], response.at) | _merged(asked)
    return found


def _recent(threads: list[dict[str, Any]], at: str) -> dict[str, Any]:
    """Count the threads of the last days; nothing if the day of one is not known."""
    days = [t["createdAt"] for t in threads]
    return {} if None in days else {"community_90d": sum(day >= days_before(at, RECENT) for day in days)}


def _merged(threads: list[dict[str, Any]]) -> dict[str, Any]:
    statuses = [t["status"] for t in threads]
    return {} if None in statuses else {"pull_requests_merged": statuses.count("merged")}


def _reduced(row: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    card, gguf = known_keys(row.get("cardData")), as_dict(row.get("gguf"))
    index = card.get("model-index") or row.get("model-index")
    if isinstance(row.get("cardData"), Mapping):
        # Of what it asks before access only that it asks is kept.
        made["cardData"] = {key: True if key.startswith("extra_gated_") else card[key] for key in card if _kept(key)}
        if card.get("model-index"):
            made["cardData"]["model-index"] = _first_results(card["model-index"])
    if isinstance(index, list | dict) and index:
        made["model-index"] = _first_results(index)
    if isinstance(row.get("config"), Mapping):
        made["config"] = _configuration(row["config"])
    if isinstance(row.get("safetensors"), Mapping):
        made["safetensors"] = {"total": as_count(row["safetensors"].get("total"))}
    if gguf:
        made["gguf"] = {key: gguf[key] for key in ("total", "architecture", "context_length") if key in gguf} or {
            "total": None
        }
    if reaches_internals(row):
        made["template_reaches_internals"] = True
    return made | _counted(row)


def _kept(key: str) -> bool:
    return key in _CARD or key.startswith("extra_gated_")


def _configuration(config: Mapping[str, Any]) -> dict[str, Any]:
    """Keep how a model is loaded, and of the configurations within (tokenizer, processor) the code that they import."""
    inner = {key: {"auto_map": auto_map(as_dict(part))} for key, part in config.items() if key not in _CONFIG}
    imports = {key: part for key, part in inner.items() if part["auto_map"]}
    return {key: config[key] for key in _CONFIG if key in config} | imports


def _counted(row: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if (paths := files(row)) is not None:
        made["siblings"] = [{"rfilename": path} for path in paths]
    if isinstance(row.get("spaces"), list) and len(as_strings(row["spaces"])) == len(row["spaces"]):
        made["spaces_count"] = len(row["spaces"])
    if isinstance(row.get("evalResults"), list):
        results = [as_dict(as_dict(r).get("data")) for r in row["evalResults"]]
        measured = [r for r in results if finite(r.get("value"))]
        made["evalResults"] = [{"data": {key: r.get(key) for key in ("dataset", "value")}} for r in measured][:_RESULTS]
    return made | {"descendants": children} if (children := descendants(row)) is not None else made


def _first_results(index: Any) -> Any:
    """Shorten a model-index, which old cards give as a mapping instead of a list, to its first results with numbers."""
    entries = index if isinstance(index, list) else [index]
    kept = []
    for entry in sorted(map(as_dict, entries), key=lambda entry: not _measured(entry))[:_RESULTS]:
        results = _measured(entry) or _results(entry)
        shown = [{key: result[key] for key in _RESULT if key in result} for result in results[:_RESULTS]]
        kept.append({"results": shown})
    return kept


def _results(entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    listed = entry.get("results")
    return [as_dict(one) for one in (listed if isinstance(listed, list) else [listed]) if as_dict(one)]


def _measured(entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [result for result in _results(entry) if read_metadata({"model-index": {"results": result}})["results"]]


def _paper_repos(raw: Raw, dates: dict[str, str]) -> dict[str, Any]:
    """Return the GitHub repositories that the model's papers name, as the Hub's paper pages have them."""
    asked = [response for step, response in raw.responses.items() if step.startswith("paper:") and response.good]
    repos = [repo for response in asked if (repo := as_text(as_dict(response.data).get("githubRepo")))]
    repos = [repo for repo in repos if is_repository(repo)]
    if not repos:
        return {}
    dates["paper_repos"] = max(response.at for response in asked)
    return {"paper_repos": sorted(set(repos))}
