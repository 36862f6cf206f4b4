"""Kinds of data by tasks and tags."""

import pytest

from data.organisations import modality


@pytest.mark.parametrize(
    ("task", "tags", "found"),
    [
        ("text-generation", [], "Language"),
        ("automatic-speech-recognition", [], "Speech"),
        ("image-segmentation", [], "Vision"),
        ("image-text-to-text", [], "Multimodal"),
        ("sentence-similarity", [], "Vector"),
        ("image-to-3d", [], "3D"),
        ("robotics", [], "Embodied"),
        ("fill-mask", ["Protein"], "Protein"),
        ("Text-Generation", [], "Language"),
        ("something-new", [], None),
    ],
)
def test_models_by_task(task, tags, found):
    assert modality.of_model([task], tags) == found


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        (["modality:text"], "Language"),
        (["modality:image", "modality:text"], "Multimodal"),
        (["modality:image", "modality:video"], "Vision"),
        (["modality:audio", "license:mit"], "Speech"),
        (["task_categories:robotics", "modality:video", "modality:text"], "Embodied"),
        (["task_categories:text-classification"], "Language"),
        (["task_categories:sentence-similarity"], "Language"),
        (["task_categories:visual-question-answering"], "Multimodal"),
        (["task_categories:summarization", "task_categories:image-classification"], "Multimodal"),
        (["modality:tabular"], None),
        ([], None),
    ],
)
def test_data_sets_by_tags(tags, found):
    assert modality.of_dataset(tags) == found
