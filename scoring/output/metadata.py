"""What an owner would write into a card's metadata, ready to copy: YAML in which capitals are to be filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

# The lines under which each factor finds its answer; where two have the same key, their entries become one list.
LINES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "license_stated": {"license": ("LICENCE",)},
    "dataset_info": {"datasets": ("- OWNER/DATASET",)},
    "training_info": {"tags": ("- METHOD",)},
    "base_model_info": {"base_model": ("OWNER/MODEL",)},
    "metric_info": {"metrics": ("- METRIC",)},
    "evaluation_results": {
        "model-index": (
            "- name: MODEL",
            "  results:",
            "  - task:",
            "      type: TASK",
            "    dataset:",
            "      type: OWNER/BENCHMARK",
            "      name: BENCHMARK",
            "    metrics:",
            "    - type: METRIC",
            "      value: RESULT",
        )
    },
}
HINTS: Final[Mapping[str, str]] = {
    "LICENCE": "the id of your licence, such as apache-2.0",
    "OWNER/DATASET": "a data set that it was trained on, as the Hub has it",
    "METHOD": "how it was trained: sft, dpo, …",
    "OWNER/MODEL": "the model that it derives from",
    "METRIC": "what was measured, such as accuracy",
    "TASK": "the task that was evaluated, such as text-generation",
    "RESULT": "the number that you measured",
}


def metadata(factors: Iterable[str]) -> str:
    """Return the YAML for these factors (ids); empty where none of them is answered by metadata."""
    keys: dict[str, list[str]] = {}
    for factor in factors:
        for key, lines in LINES.get(factor, {}).items():
            keys.setdefault(key, []).extend(lines)
    text = []
    for key, entries in keys.items():
        is_list = entries[0].startswith("-")
        text += [f"{key}:", *entries] if is_list else [f"{key}: {entries[0]}"]
    return "\n".join(["---", *text, "---", ""]) if text else ""


def hints(yaml: str) -> list[str]:
    """Say what each word in capitals stands for."""
    return [f"{word}: {hint}" for word, hint in HINTS.items() if word in yaml]
