"""`explain`: what would change the points of a subject, why they moved, and what is saved of them."""

import csv
import io
import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from data.models import build, snapshot
from data.organisations.month import load
from data.organisations.rollup import rollup
from scoring.output.citation import badge
from scoring.output.plan import plan
from scoring.reasons.attribution import Side, attribution, of_model
from scoring.reasons.influence import of_100
from scoring.reasons.whatif import advise
from scoring.scorecards import MODEL, influence
from scoring.view import ModelView, OrganisationView
from tests.command import lines, refused, run

GPT2 = "openai-community/gpt2"
FIXTURES = Path(__file__).parents[1] / "fixtures" / "models.jsonl"
MINE = "openai/whisper-large-v3"


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A folder with two snapshots of ten models, a month apart; MINE has fewer likes in the second."""
    into = tmp_path_factory.mktemp("two")
    every = list(map(json.loads, FIXTURES.read_text().splitlines()))
    build.build(every, date(2026, 10, 8), into=into)
    later = [{k: v for k, v in one.items() if k != "_provenance"} for one in every]
    build.build([one | {"likes": 1} if one["id"] == MINE else one for one in later], date(2026, 11, 8), into=into)
    return into


def test_why_a_model_moved_since_an_earlier_snapshot(two):
    where = {"WEIGHBRIDGE_SNAPSHOTS": str(two)}
    before, now = (snapshot.load(day, two) for day in ("2026-10-08", "2026-11-08"))
    view = ModelView(weights={"likes": 9.0})
    found = of_model(*(Side.of(one, one.position[MINE], view) for one in (now, before)))
    asked = ("explain", MINE.upper(), "--since", "2026-10-08", "--weight", "likes=9")
    text = run(*asked, COLUMNS="400", **where).stdout.decode()
    assert text.splitlines()[0] == f"{MINE}. {found.sentence()}"
    assert "its own facts" in text.splitlines()[-1]
    (told,) = lines(run(*asked, "--format", "json", **where))
    assert (told["id"], told["since"], told["score_now"]) == (MINE, "2026-10-08", found.score_now)
    assert {part["cause"]: part["points"] for part in told["parts"]} == found.points
    rows = list(csv.DictReader(io.StringIO(run(*asked, "--format", "csv", **where).stdout.decode())))
    assert [float(row["places"]) for row in rows] == [*found.places.values()]


def test_why_an_organisation_moved_since_an_earlier_month():
    done = run("explain", "--organisation", "meta", "--since", "2025-02-14", COLUMNS="400")
    now, before = (influence(rollup(load(day)).facts, as_of=day) for day in ("2025-09-07", "2025-02-14"))
    assert done.stdout.decode().splitlines()[0] == f"Meta. {attribution(now, before, 'Meta').sentence()}"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((GPT2, "--since", "2026-10-01"), "There is no snapshot before that of 2026-10-08, so there is nothing"),
        (
            ("--organisation", "Meta", "--since", "2025-09-07"),
            "There is no snapshot of 2025-09-07 before that of 2025-09-07; the nearest are 2025-08-07",
        ),
        (("--organisation", "Moonshot", "--since", "2024-12-13"), "Moonshot is not ranked in 2024-12-13"),
        (("--organisation", "Meta", "--plan", "all"), "--plan is about models; an organisation has no single thing"),
        ((GPT2, "--plan", "all", "--since", "2026-10-01"), "Give one of --since and --plan, not 2."),
        ((GPT2, "--plan", "all", "--format", "json"), "--plan answers in sentences; leave out --format."),
        ((GPT2, "--plan", "dataset"), "There is nothing to mend in dataset; the nearest are dataset_info"),
        ((GPT2, "--badge", "/nowhere/badge.svg"), "/nowhere/badge.svg cannot be written: there is no such file"),
    ],
)
def test_what_means_nothing_is_refused_with_the_remedy(arguments, sentence):
    assert refused("explain", *arguments).startswith(sentence)


def test_a_plan_gives_what_it_would_together_and_the_metadata_to_write(bundled):
    view = ModelView()
    scores, row = view.score(bundled), bundled.position[GPT2]
    subject, yardstick = bundled.facts.iloc[[row]], bundled.yardstick(MODEL)
    mend = [x for x in advise(scores, row, subject, yardstick).improvements if x.kind == "mend"]
    some = [x for x in mend if x.line.factor.id in ("dataset_info", "safetensors")]
    text = run("explain", GPT2, "--plan", "safetensors", "--plan", "dataset_info", COLUMNS="400").stdout.decode()
    made = plan(scores, row, subject, yardstick, some)
    assert text.splitlines()[:3] == [made.sentence(), *(f"- {step}" for step in made.steps)]
    assert made.metadata in text
    assert made.guide in text
    every = run("explain", GPT2, "--plan", "all", COLUMNS="400").stdout.decode()
    assert every.splitlines()[0] == plan(scores, row, subject, yardstick, mend).sentence()


def test_a_badge_is_that_of_the_pages(bundled, tmp_path):
    path, view = tmp_path / "badge.svg", ModelView(preset="adoption")
    done = run("explain", GPT2, "--badge", path, "--preset", "adoption", "--format", "json")
    assert done.stderr.decode() == f"The badge of {GPT2} is saved in {path}.\n"
    assert path.read_text() == badge(view.score(bundled), bundled.position[GPT2], view, bundled.taken)
    run("explain", "--organisation", "meta", "--badge", path, "--month", "2025-09-07")
    now = of_100(influence(rollup(load("2025-09-07")).facts, as_of="2025-09-07"))
    assert path.read_text() == badge(now, now.position["Meta"], OrganisationView(month="2025-09-07"), "2025-09-07")


def test_a_folder_with_one_model_less_names_it(two, tmp_path):
    shutil.copytree(two, tmp_path / "fewer")
    gone = tmp_path / "fewer" / "models" / "2026-10-08"
    shutil.rmtree(gone)
    kept = [one for one in map(json.loads, FIXTURES.read_text().splitlines()) if one["id"] != MINE]
    build.build(kept, date(2026, 10, 8), into=tmp_path / "fewer")
    sentence = refused("explain", MINE, "--since", "2026-10-08", WEIGHBRIDGE_SNAPSHOTS=str(tmp_path / "fewer"))
    assert sentence.startswith(f"There is no model {MINE} in snapshot 2026-10-08")
