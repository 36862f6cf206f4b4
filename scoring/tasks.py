"""What a model is for: groups of tasks, and the words by which people look for them.

Which model belongs where is a fact of it, `task_group` (data/curated/task_groups.csv).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

TASK_GROUPS: Mapping[str, str] = {
    "language": "Language models",
    "embeddings": "Embeddings and reranking",
    "speech": "Speech and audio",
    "vision": "Vision",
    "image_generation": "Image, video and 3D generation",
    "multimodal": "Multimodal models",
    "tabular": "Tabular data and time series",
    "other": "Other tasks",
}
SYNONYMS: Mapping[str, Sequence[str]] = {
    "language": ("chat", "LLM", "text", "code", "translation", "NER"),
    "embeddings": ("embed", "reranking", "search", "RAG"),
    "speech": ("ASR", "TTS", "audio", "music"),
    "vision": ("OCR", "detection", "segmentation", "captions"),
    "image_generation": ("diffusion", "images", "video", "3D"),
    "multimodal": ("VLM", "image questions", "omni"),
    "tabular": ("time series", "forecasting", "tables"),
    "other": ("robotics", "biology", "reinforcement learning"),
}
# As a menu shows them: whoever types a synonym finds its group.
LABELS: Mapping[str, str] = {group: f"{label} ({', '.join(SYNONYMS[group])})" for group, label in TASK_GROUPS.items()}


def in_words(groups: Sequence[str]) -> str:
    """Name groups in a sentence: “Vision” and “Speech and audio”."""
    return " and ".join(f"“{TASK_GROUPS[group]}”" for group in groups)
