"""The calls of a notebook: the same rankings as everywhere, sentences before tables, mistakes in one sentence."""

import json
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import weighbridge as wb
from data.archive import BUNDLED
from data.models import build
from scoring.view import ModelView
from terminal.shown import Shown
from tests import older
from tests.command import lines, run

FIXTURES = Path(__file__).parents[1] / "fixtures" / "models.jsonl"
OUTER = ("popularity", "activity", "operational", "security")


@pytest.fixture(scope="module")
def loaded():
    return wb.load()


@pytest.fixture(scope="module")
def ranking(loaded):
    return loaded.rank(task="embeddings", weights={"security": 60})


def test_importing_it_is_as_light_as_the_command():
    code = "import sys, weighbridge; print(sorted({'pandas', 'typer', 'numpy', 'data', 'scoring'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(wb.__file__).parent)
    assert done.stdout == "[]\n"


def test_a_ranking_is_that_of_the_command(ranking):
    told = lines(run("rank", "models", "--for", "embeddings", "--weight", "security=60", "--format", "json"))
    assert [one["id"] for one in told] == ranking.table["model"].tolist()
    assert [one["total"] for one in told] == ranking.table["total"].tolist()
    assert ranking.table["rank"].tolist()[:3] == [1, 2, 3]
    assert ranking.table["rank_in_all"].iloc[0] == ranking.scores.rank[ranking.scores.position[told[0]["id"]]]


def test_a_sentence_stands_before_the_table(ranking):
    first = ranking.table.iloc[0]
    assert str(ranking) == (
        f"{len(ranking.table)} of 5,728 models in the snapshot of 8 October 2026, under the Balanced weights with "
        "security 60. Ranked on the 14 of 26 factors that are known for at least 80% of these models. "
        f"First is {first['model']} with {first['total']:.1f} of 100."
    )
    assert repr(ranking).startswith(f"{ranking}\n\n rank ")
    assert ranking._repr_html_().startswith(f"<p>{ranking}</p><table")
    assert ranking._repr_html_().count("<tr") == 21  # the first twenty and the headings


def test_every_text_is_escaped():
    hostile = Shown(sentence="<script>a</script>", table=pd.DataFrame({"id": ["<img src=x>"]}))
    assert "<script" not in hostile._repr_html_()
    assert "<img" not in hostile._repr_html_()


def test_a_receipt_has_verdict_factors_and_what_would_change_the_rank(ranking, loaded):
    found = ranking.explain("baai/BGE-m3")
    assert found.sentence.startswith("BAAI/bge-m3: sentence similarity, MIT licence, ")
    assert "in “Embeddings and reranking” and " in found.sentence
    n = ranking.scores.position["BAAI/bge-m3"]
    assert found.table["points"].sum() == pytest.approx(ranking.scores.uncapped[n])
    likes = found.table.set_index("factor").loc["likes"]
    assert (likes["source"], likes["as_of"]) == ("hub-stats", "2026-05-20")
    assert "Convert the weights to safetensors and remove the pickles." in found.changes.table["what"].tolist()
    assert repr(found).index("What would change its rank") > repr(found).index("access_control")
    assert found._repr_html_().count("<table") == 2


def test_settings_are_those_of_a_link(loaded):
    found = loaded.rank("chat", preset="adoption", license="permissive", cap=False, min_coverage=0.7, search="qwen")
    assert found.view.query()["task_group"] == ["language"]
    assert {"preset", "license", "cap", "min_coverage", "search"} <= found.view.query().keys()
    assert loaded.rank(["text-generation"]).view.query().keys() == {"task"}
    assert found.table["model"].str.contains("qwen", case=False).all()
    assert len(loaded.rank(license=None).table) == len(loaded.facts)
    assert str(loaded.rank(search="no model is called so")).endswith(" No model passes the filters.")


def test_bands_and_tiers_are_those_of_the_command(ranking, loaded):
    found = ranking.bands("any")
    assert list(found.table["model"]) == list(ranking.table["model"])
    assert found.table["rank"].tolist() == ranking.table["rank"].tolist()
    assert str(found).startswith(f"{found.table.sort_values('first', ascending=False)['model'].iloc[0]} is first in ")
    months = loaded.organisations(only=["Meta"]).bands()
    assert (list(months.table["org"]), int(months.table["rank"].iloc[0])) == (["Meta"], 3)
    with pytest.raises(ValueError, match="Weights are drawn around or any, not all"):
        ranking.bands("all")


def test_an_order_becomes_weights(loaded):
    now = loaded.organisations()
    found = now.weights_for("Meta", "baai")
    assert found.sentence.startswith("The nearest weights that give this order: Data ")
    again = loaded.organisations(weights=dict(zip(found.table["weight"], found.table["value"], strict=True)))
    assert list(again.table["org"][:2]) == ["Meta", "BAAI"]
    with pytest.raises(ValueError, match="An order is of 2 to 6, not of 1"):
        now.weights_for("Meta")


def test_other_ways_to_count_are_compared(ranking, loaded):
    found = ranking.methods()
    assert len(found.table) == 24
    assert (found.table["tau"].iloc[0], found.table["first_ten"].iloc[0]) == (pytest.approx(1), 10)
    assert found.sentence.startswith(f"Furthest away is “{found.table['way'].iloc[-1]}”: Kendall’s tau")
    found = loaded.organisations().methods().table.set_index("way")
    assert len(found) == 16
    assert (found["first"]["As published"], round(found["tau"]["As documented, flat"], 2)) == ("Meta", 0.77)


def test_why_a_subject_moved_sums_up_to_its_change(loaded, tmp_path):
    every = list(map(json.loads, FIXTURES.read_text().splitlines()))
    for taken, likes in (("2026-10-08", 900), ("2026-11-08", 1)):
        build.build([one | {"likes": likes} for one in every], date.fromisoformat(taken), into=tmp_path)
    ranking = wb.load(within=tmp_path).rank()
    found = ranking.moved("OpenAI/whisper-large-v3", since="2026-10-08")
    row = ranking.scores.position["openai/whisper-large-v3"]
    before = wb.load("2026-10-08", tmp_path).rank().scores.total[row]
    assert found.table["points"].sum() == pytest.approx(ranking.scores.total[row] - before)
    assert found.sentence.startswith("From 8 October 2026 to 8 November 2026 its score went from")
    found = loaded.organisations().moved("baai", since="2025-03-07")
    now, then = (loaded.organisations(day).scores for day in ("2025-09-07", "2025-03-07"))
    change = 100 * (now.total[now.position["BAAI"]] - then.total[then.position["BAAI"]])
    assert found.table["points"].sum() == pytest.approx(change)


def test_the_link_shows_the_same_ranking(ranking, loaded):
    base, _, query = ranking.link("https://example.org/").partition("?")
    assert base == "https://example.org/"
    params = dict(pair.split("=") for pair in query.split("&"))
    assert params == {"snapshot": "2026-10-08", "security": "60", "task_group": "embeddings"}
    view, notes = ModelView.parse({name: [value] for name, value in params.items()})
    assert notes == []
    assert (view.score(loaded.snapshot).total == ranking.scores.total).all()


def test_organisations_are_ranked_and_explained_likewise(loaded):
    found = loaded.organisations(method="published")
    told = lines(run("rank", "organisations", "--method", "published", "--format", "json"))
    assert found.table[["org", "rank", "score"]].to_dict("records") == [
        {key: one[key] for key in ("org", "rank", "score")} for one in told
    ]
    assert str(found).startswith("32 organisations in the month of 7 September 2025, as published")
    assert found.link("https://example.org") == ("https://example.org/organisations?month=2025-09-07&method=published")
    receipt = loaded.organisations().explain("baai")
    assert receipt.sentence.startswith("BAAI, 7 September 2025, as documented.\nWith 0.4551 of 1 it ranks 1 of 32.")
    assert receipt.table["points"].sum() == pytest.approx(45.51, abs=0.01)
    assert len(loaded.organisations("2025-08-07", only=["meta"]).table) == 1


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda m: m.rank(task="texxt-generation"),
            "There is no task texxt-generation; the nearest are text-generation",
        ),
        (
            lambda m: m.rank(task=3),
            "There is no task 3; there are language, embeddings, speech, vision, image_generation, "
            "multimodal, tabular, other.",
        ),
        (
            lambda m: m.rank(weights={"securty": 1}),
            "There is no category or factor securty; the nearest are security, ",
        ),
        (lambda m: m.rank(weights={"likes": "many"}), "likes=“many” is not a number from 0 to 100."),
        (lambda m: m.rank(weights=dict.fromkeys(OUTER, 0)), "All weights are zero, so nothing can be ranked; raise "),
        (lambda m: m.rank(licence="mit"), "A ranking has no setting licence; the nearest are license, "),
        (lambda m: m.rank(publisher="BAI"), "There is no publisher “BAI”; the nearest are BAAI, "),
        (lambda m: m.rank(min_coverage=3), "min_coverage=“3” is not a number from 0 to 1."),
        (lambda m: m.rank(snapshot="2026-10-08"), "The snapshot is chosen by load(snapshot=...), not by a ranking."),
        (
            lambda m: m.rank().explain("BAI/bge-m3"),
            "There is no model BAI/bge-m3 in the snapshot of 8 October 2026; the",
        ),
        (lambda m: m.organisations("2025-03-01"), "There is no month “2025-03-01”; the nearest are 2025-03-07, "),
        (lambda m: m.organisations(method="publishd"), "method=“publishd” is not known; the nearest is published"),
        (lambda m: m.organisations(only="Goggle"), "There is no organisation “Goggle”; the nearest are Google, "),
        (
            lambda m: m.organisations().explain("Metta"),
            "There is no organisation Metta in the month of 7 September 2025",
        ),
        (lambda m: wb.load("2020-01-01"), "There is no snapshot 2020-01-01 of models; the only one is 2026-10-08."),
    ],
)
def test_a_mistake_is_one_sentence_that_names_the_nearest(loaded, call, said):
    with pytest.raises(ValueError, match=f"^{re.escape(said)}"):
        call(loaded)


def test_another_folder_of_snapshots_is_read(tmp_path):
    with pytest.raises(ValueError, match="There is no snapshot of models in "):
        wb.load(within=tmp_path)


@pytest.mark.parametrize("within", [True, False])
def test_the_newest_sound_snapshot_and_month_stand_in_for_a_damaged_one(within, bundled, tmp_path, monkeypatch):
    older.under("2026-11-01", shutil.copytree(bundled.folder, tmp_path / "models" / "2026-11-01"))
    shutil.copytree(bundled.folder, tmp_path / "models" / bundled.taken)
    for taken in ("2025-08-07", "2025-09-07"):
        shutil.copytree(BUNDLED / "organisations" / taken, tmp_path / "organisations" / taken)
    for damaged in ("models/2026-11-01", "organisations/2025-09-07"):
        (tmp_path / damaged / "facts.parquet").write_bytes(b"PAR1")
    monkeypatch.setenv("WEIGHBRIDGE_SNAPSHOTS", "" if within else str(tmp_path))
    with pytest.warns(UserWarning, match=rf"2026-11-01 is damaged: .* The snapshot of {bundled.taken} is used instead"):
        there = wb.load(within=tmp_path if within else None)
    assert there.snapshot.taken == bundled.taken
    with pytest.warns(UserWarning, match=r"2025-09-07 is damaged: .* The month is left out\."):
        assert there.organisations().scores.as_of == "2025-08-07"
    assert there.organisations("2025-08-07").scores.as_of == "2025-08-07"
    with pytest.raises(ValueError, match="2025-09-07 is damaged"):
        there.organisations("2025-09-07")
