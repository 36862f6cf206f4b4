"""Months built from files: the bundle again from its own rows, and no bad row dropped in silence."""

import json

import pytest

from data.archive import SnapshotError
from data.organisations.build import from_files
from data.organisations.month import load
from data.organisations.rollup import rollup
from tests.osir import written_out


def test_the_bundle_is_built_again_from_its_own_rows(tmp_path):
    taken = ["2024-12-13", "2025-09-07"]
    folders, left_out = from_files(written_out(taken, tmp_path / "original"), tmp_path / "built")
    assert left_out == []
    assert [f.name for f in folders] == taken
    for folder in folders:
        one, other = load(folder.name), load(folder.name, tmp_path / "built")
        assert one.repositories.equals(other.repositories)
        assert one.listed.equals(other.listed)
        assert one.facts.equals(other.facts)


@pytest.mark.parametrize("absurd", ["many", "12", None, True, 1.5, 1e300, float("nan"), float("inf"), [1], {"n": 1}])
def test_an_absurd_value_is_unknown_and_its_row_still_counts(tmp_path, absurd):
    original = written_out(["2024-12-13"], tmp_path / "original")
    row = {"month": "2024-12-13", "source": "HuggingFace", "kind": "model", "org": "Baidu", "name": "new"}
    with (original / "repositories.jsonl").open("a") as file:
        file.write(json.dumps(row | {"modality": "Language", "downloads_last_month": 70, "likes": absurd}) + "\n")
    from_files(original, tmp_path / "built")
    month = load("2024-12-13", tmp_path / "built")
    counted = month.manifest["not_a_whole_number"]
    assert counted == ({"likes": 1} if absurd is not None else {})
    facts = rollup(month).facts.to_pylist()[month.ids.index("Baidu")]
    assert (facts["model_num_language"], facts["model_downloads_language"], facts["model_likes"]) == (1, 70, None)


def test_a_folder_without_the_files_is_refused(tmp_path):
    with pytest.raises(SnapshotError, match=r"lacks repositories.jsonl.gz, static_datasets.jsonl"):
        from_files(tmp_path)
