"""Hugging Face: what a model's files and the Hub's scanners say of its security. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.models.files import FileFacts, read_files
from data.shapes import as_dict, as_text

Row = dict[str, Any]
_MIXIN_TAGS = {"pytorch_model_hub_mixin", "model_hub_mixin"}  # these add the tag `pytorch` to safetensors repositories
_ORDER = ("unsafe", "suspicious", "caution")


def files(record: Mapping[str, Any], tags: frozenset[str], *, complete: bool, cut: bool) -> Row:
    """Read the formats of the weights and the files that can run code.

    `complete` says so of the tags, `cut` that the list of files lacks some.
    """
    listed = record.get("siblings")
    safe_tag = bool({"safetensors", "gguf"} & tags) or any(as_dict(record.get(k)) for k in ("safetensors", "gguf"))
    if isinstance(listed, list | tuple):
        paths = [as_dict(s).get("rfilename") if isinstance(s, Mapping) else s for s in listed]
        seen = read_files(paths)
        # An entry without a name hides a file as surely as a list that was cut short.
        if cut or not all(isinstance(p, str) and p.strip() for p in paths):
            return _cut_short(seen, safe_tag)
        return {
            "weight_formats": "no_weights" if seen.weight_formats == "none" else seen.weight_formats,
            "unsafe_files": seen.unsafe_count,
            "unsafe_files_at_least": False,
            "unsafe_level": seen.unsafe_level,
            "training_args": seen.training_args,
        }
    row: Row = {"weight_formats": "safe_tag" if safe_tag else None}
    if "pytorch" in tags and not _MIXIN_TAGS & tags and (safe_tag or complete):
        row |= {"unsafe_files": 1, "unsafe_files_at_least": True}
        row["unsafe_level"] = "beside_safe" if safe_tag else "unsafe_only"
    return row


def _cut_short(seen: FileFacts, safe_tag: bool) -> Row:
    """Return what a list that lacks files still proves: unsafe weights beside safe ones stay so, whatever is unseen."""
    beside = seen.unsafe_weights > 0 and (seen.safe > 0 or safe_tag)
    return {
        "weight_formats": "mixed" if beside else "safe_tag" if safe_tag else None,
        "unsafe_files": seen.unsafe_count or None,
        "unsafe_files_at_least": True if seen.unsafe_count else None,
        "unsafe_level": "beside_safe" if beside else None,
        "training_args": seen.training_args or None,
    }


def scan(record: Mapping[str, Any]) -> str | None:
    """Return the worst verdict of the Hub's scanners; None while they have not looked at everything."""
    keys = ("securityRepoStatus", "security_repo_status", "securityStatus")
    status = next((as_dict(record[k]) for k in keys if as_dict(record.get(k))), {})
    issues = status.get("filesWithIssues")
    if not isinstance(issues, list | tuple):
        return None
    # training_args.bin is a pickle that nothing loads and that the scanners often report: shown apart.
    seen = [as_dict(i) for i in issues]
    levels = {
        (as_text(f.get("level")) or "").lower()
        for f in seen
        if (as_text(f.get("path")) or "").rsplit("/", 1)[-1] != "training_args.bin"
    }
    for level in _ORDER:
        if level in levels:
            return level
    done = status.get("scansDone") is True and not levels - {"safe"}
    return "safe" if done else None
