"""A view as code gives the numbers of the view, on the command line and in Python."""

import csv
import io
import json
import shlex
from dataclasses import replace

import pytest

import weighbridge as wb
from data.organisations.month import load
from data.organisations.rollup import rollup
from scoring.methods import METHODS
from scoring.output.code import command, python
from scoring.view import ModelView, OrganisationView
from tests.command import run

DAY, MONTH = "2026-10-08", "2025-08-07"
MODELS = [
    ModelView(),
    ModelView(
        preset="transparency",
        weights={"security": 60.0, "likes": 0.25},
        unknown="zero",
        cap=False,
        min_coverage=0.4,
        license=("permissive",),
        search="it's a bert",
        hide_flagged=True,
        sort="likes",
        pin=("a/b",),
        snapshot=DAY,
    ),
    ModelView(task_group=("embeddings",), count="all", yardstick="population"),
]
ORGANISATIONS = [
    OrganisationView(),
    OrganisationView(method="published", weights={"data": 40.0}, only=("Meta", "BAAI"), month=MONTH),
    OrganisationView(method="percentile_rank_mean", count="all"),
]


def result(code):
    """Run lines of Python and return what the last one gives."""
    *lines, last = code.strip().splitlines()
    names = {"wb": wb}
    exec("\n".join(lines), names)
    return eval(last, names)


def listed(text):
    words = shlex.split(text)
    assert words[0] == "weighbridge"
    done = run(*words[1:], "--format", "csv")
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout.decode())))


@pytest.mark.parametrize("view", MODELS, ids=["usual", "changed", "filtered"])
def test_models_have_the_same_totals(bundled, view):
    scores = view.score(bundled)
    ranking = result(python(view, DAY))
    assert ranking.scores.total == pytest.approx(scores.total, nan_ok=True)
    rows = listed(command(view, DAY))
    assert [row["id"] for row in rows] == list(ranking.table["model"])
    for row in rows[:50]:
        assert float(row["total"]) == pytest.approx(scores.total[scores.position[row["id"]]], abs=1e-6)


@pytest.mark.parametrize("view", ORGANISATIONS, ids=["usual", "published", "another method"])
def test_organisations_have_the_same_scores(view):
    scores = view.score(
        rollup(load(MONTH), METHODS["published" if view.method == "published" else "documented"].reading)
    )
    ranking = result(python(view, MONTH))
    assert ranking.scores.total.tolist() == scores.total.tolist()
    rows = listed(command(view, MONTH))
    assert [row["org"] for row in rows] == list(ranking.table["org"])
    assert [float(row["score"]) for row in rows] == [scores.total[scores.position[row["org"]]] for row in rows]


@pytest.mark.parametrize("view", MODELS, ids=["usual", "changed", "filtered"])
def test_several_models_have_the_same_totals(bundled, view):
    some = ["BAAI/bge-m3", "openai/gpt-oss-20b", "openai-community/gpt2"]
    scores = view.score(bundled)
    totals = {one: pytest.approx(scores.total[scores.position[one]]) for one in some}
    table = result(python(view, DAY, *some))
    assert dict(zip(table["model"], table["total"], strict=True)) == totals
    assert {row["id"]: float(row["total"]) for row in listed(command(view, DAY, *some))} == totals


def test_one_subject_has_the_same_points(bundled):
    view = replace(MODELS[1], search="", license=())
    found = result(python(view, DAY, "BAAI/bge-m3")).table
    done = run(*shlex.split(command(view, DAY, "BAAI/bge-m3"))[1:], "--format", "json")
    factors = json.loads(done.stdout)["factors"]
    assert dict(zip(found["factor"], found["points"], strict=True)) == pytest.approx(
        {name: factor["points"] for name, factor in factors.items()}
    )
    influence = ORGANISATIONS[2]
    found = result(python(influence, MONTH, "Meta")).table
    done = run(*shlex.split(command(influence, MONTH, "Meta"))[1:], "--format", "json")
    points = {one["id"]: one["points"] for one in json.loads(done.stdout)["indicators"]}
    assert dict(zip(found["id"], found["points"], strict=True)) == pytest.approx(points, nan_ok=True)


def test_a_subject_is_explained_without_the_filters_that_choose_among_many():
    view = MODELS[1]
    assert command(view, DAY, "BAAI/bge-m3") == (
        f"weighbridge explain BAAI/bge-m3 --snapshot {DAY} --preset transparency --min-coverage 0.4 --unknown zero "
        "--no-cap --weight security=60 --weight likes=0.25"
    )
    assert "license" not in python(view, DAY, "BAAI/bge-m3")
    assert python(OrganisationView(), MONTH, "Meta").endswith(".organisations(month='2025-08-07').explain('Meta')\n")
    assert command(OrganisationView(), MONTH, "Meta") == f"weighbridge explain --organisation Meta --month {MONTH}"
    done = run(*shlex.split(command(view, DAY, "BAAI/bge-m3"))[1:], "--format", "json")
    assert done.returncode == 0
