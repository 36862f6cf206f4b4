"""From the pages of organisations to repository rows, on servers that speak as the platforms do."""

from typing import Any

import pytest

from data import archive
from data.collect.collector import Collector, Replay
from data.collect.replies import ReplyStore
from data.http.client import Client
from data.organisations import listings
from data.organisations.history import History, learn
from data.organisations.listings import Found, Page, opendatalab_pages, pages
from data.organisations.month import load
from data.platforms.repository import Listed
from tests.platforms import server as bad
from tests.platforms.ask import QUICK
from tests.platforms.hub import Hub
from tests.platforms.listings import BAAI, ModelScope, OpenDataLab
from tests.platforms.server import App

AT = "2026-11-22T00:00:00+00:00"


@pytest.fixture
def platforms(monkeypatch):
    apps: dict[str, App] = {
        "HF_ENDPOINT": Hub(models=9, owners=3, page=2),
        "MODELSCOPE_ENDPOINT": ModelScope(),
        "BAAI_API_URL": BAAI(5),
        "OPENDATALAB_ENDPOINT": OpenDataLab(),
    }
    with bad.serving(monkeypatch, apps) as servers:
        yield servers


def rows(folder, page, history=None):
    with ReplyStore(folder) as run:
        run.begin({})
        found = list(listings.fetch(Collector(run, Client(QUICK)), page))
        assert found == list(listings.fetch(Replay(run, QUICK), page))
        return list(listings.rows(found, history)), list(run.failures())


def test_the_hub_gives_models_and_data_sets(platforms, tmp_path):
    found, missing = rows(tmp_path, Page("Org", "Hugging Face", "org-1"))
    assert not missing
    models = [row for row in found if row.kind == "model"]
    assert [row.name for row in models] == ["model-1", "model-4", "model-7"]
    assert {row.modality for row in models} == {"Language"}
    assert [(row.downloads_last_month, row.likes, row.community) for row in models] == [
        (8000, 1, 11),
        (5000, 4, 35),
        (2000, 7, 59),
    ]
    assert [row.descendants for row in models] == [4, 7, 10]
    (data,) = [row for row in found if row.kind == "dataset"]
    assert (data.modality, data.downloads_last_month, data.dataset_usage) == ("Language", 9, 9)
    assert all(row.source == "HuggingFace" and row.org == "Org" for row in found)


def test_models_below_fifty_downloads_do_not_count_and_unknown_ones_stay(platforms, tmp_path):
    hub = platforms["HF_ENDPOINT"].app
    hub.changes |= {"org-1/model-1": {"downloads": 49}, "org-1/model-4": {"downloads": None}}
    found, _ = rows(tmp_path, Page("Org", "Hugging Face", "org-1"))
    counted = {row.name: row.downloads_last_month for row in found if row.kind == "model"}
    assert counted == {"model-4": None, "model-7": 2000}


def test_modelscope_downloads_of_a_month_are_a_difference_with_both_dates(platforms, tmp_path):
    history = learn(
        [
            {
                "source": "ModelScope",
                "kind": "model",
                "org": "Org",
                "repo": "Qwen",
                "name": "amodel-0",
                "total_downloads": 900,
            }
            | {"date_crawl": "2026-10-22", "modality": "Multimodal", "lifecycle": None},
            {
                "source": "ModelScope",
                "kind": "model",
                "org": "Org",
                "repo": "Qwen",
                "name": "bmodel-1",
                "total_downloads": 5000,
            }
            | {"date_crawl": "2026-10-22"},
        ]
    )
    found, missing = rows(tmp_path, Page("Org", "ModelScope", "Qwen"), history)
    assert not missing
    by_name = {row.name: row for row in found if row.kind == "model"}
    assert by_name["amodel-0"].downloads_last_month == 100
    assert by_name["amodel-0"].modality == "Multimodal"
    assert "2026-10-22" in by_name["amodel-0"].evidence
    assert by_name["bmodel-1"].downloads_last_month is None
    assert "shrank" in by_name["bmodel-1"].evidence
    assert by_name["cmodel-2"].downloads_last_month is None
    assert all(row.community is None for row in found)


def test_baai_and_opendatalab_give_data_sets(platforms, tmp_path):
    found, _ = rows(tmp_path / "a", Page("BAAI", "BAAI", ""))
    assert len(found) == 5
    assert found[2].total_downloads == 20
    found, _ = rows(tmp_path / "b", Page("ShanghaiAILab", "OpenDataLab", "OpenScienceLab/ChemBench"))
    assert (found[0].repo, found[0].name, found[0].total_downloads) == ("OpenScienceLab", "ChemBench", 4321)


def test_counts_that_fail_are_unknown(platforms, tmp_path):
    platforms["HF_ENDPOINT"].break_on("/discussions", bad.status(403))
    platforms["HF_ENDPOINT"].break_on("dataset:", bad.status(500))
    found, missing = rows(tmp_path, Page("Org", "Hugging Face", "org-1"))
    assert {row.community for row in found} == {None}
    assert {row.dataset_usage for row in found} == {None}
    assert len(missing) == 4


def test_a_platform_without_a_listing_is_named(platforms, tmp_path):
    found, missing = rows(tmp_path, Page("Org", "Kaggle", "x"))
    assert not found
    assert "Kaggle" in missing[0].reason


def test_pages_are_read_from_a_table(tmp_path):
    path = tmp_path / "pages.csv"
    path.write_text(
        "organisation,platform,handle,page\nA,Hugging Face,a,x\nA,Hugging Face,A,y\nA,BAAI,,x\nA,BAAI,,y\n", "utf-8"
    )
    found = listings.read_pages(path)  # a page counts once, however it is spelled
    assert [(page.handle, page.address) for page in found] == [
        ("a", "x"),
        ("", "x"),
    ]
    for text in (None, "x,y\n1,2\n", "", "organisation,platform,handle\nA,Hugging Face,a\n,ModelScope,b\n"):
        bad_path = tmp_path / "bad.csv"
        if text is not None:
            bad_path.write_text(text)
        with pytest.raises(ValueError, match=r"bad\.csv"):
            listings.read_pages(bad_path)


def test_a_label_by_hand_comes_before_a_task():
    listed = Listed("model", "a/b", AT, {"downloads_last_month": 99}, ("text-generation",))
    found = Found(Page("A", "Hugging Face", "a"), listed)
    assert listings.row(found).modality == "Language"
    history = History(labels={("A", "b"): ("Protein", None)})
    assert listings.row(found, history).modality == "Protein"


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
    assert listings.modality("model", [task, *tags]) == found


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
    assert listings.modality("dataset", tags) == found


def test_the_curated_table_drives_it():
    every = pages(None)
    assert {page.organisation for page in every} == set(load(within=archive.BUNDLED).ids)
    sets = [page for page in every if page.platform == "OpenDataLab"]
    assert len(sets) == 24
    assert all("/" in page.handle for page in sets)
    (only,) = {page.organisation for page in pages(None, ["baai"])}
    assert only == "BAAI"
    with pytest.raises(ValueError, match="does not have kaggle"):
        pages(None, ["Kaggle"])


def test_opendatalab_is_asked_for_what_earlier_months_have():
    earlier: list[dict[str, Any]] = [
        {"source": "OpenDataLab", "org": "A", "link": "https://opendatalab.com/Own/Set"},
        {"source": "HuggingFace", "org": "A", "link": "https://huggingface.co/a/b"},
        {"source": "OpenDataLab", "org": "A", "link": None},
    ]
    assert opendatalab_pages(earlier) == [Page("A", "OpenDataLab", "Own/Set", "https://opendatalab.com/Own/Set")]
