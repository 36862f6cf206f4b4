"""`rank --bands` as a user runs it: the same numbers as the scores give, in every format, and its refusals."""

import csv
import io
import json
import shlex

import pytest

from data.organisations.month import load
from data.organisations.rollup import rollup
from scoring.reasons.bands import bands
from scoring.reasons.elicitation import nearest_weights
from scoring.reasons.tipping import tipping
from scoring.scorecards import influence
from scoring.view import ModelView
from tests import command


def printed(*arguments, **environment):
    done = command.run("rank", *arguments, **environment)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode()


def test_organisations_have_the_bands_of_their_scores():
    rows = [json.loads(line) for line in printed("organisations", "--bands", "--format", "json").splitlines()]
    now = influence(rollup(load()).facts)
    found = bands(now)
    assert [row["org"] for row in rows] == [str(now.ids[n]) for n in now.order]
    first = rows[0]
    n = now.position[first["org"]]
    assert (first["rank"], first["rank_low"], first["rank_high"]) == (1, found.low[n], found.high[n])
    assert first["first"] == found.first[n]
    assert first["when_first_data"] == found.when_first[n, 0]
    assert rows[-1]["when_first_data"] is None


def test_any_weights_and_some_organisations_only():
    text = printed("organisations", "--bands", "--any-weights", "--organisation", "meta", COLUMNS="120")
    assert text.startswith("BAAI is first in 52 % of 4,000 draws, ShanghaiAILab in 29 %, Meta in 11 %")
    assert "people who give Model about 60 %" in text
    assert text.splitlines()[-1].split()[:2] == ["3", "Meta"]


def test_the_weights_of_all_indicators_are_drawn_on_demand():
    rows = [
        json.loads(line)
        for line in printed("organisations", "--bands", "--all-factors", "--format", "json").splitlines()
    ]
    now = influence(rollup(load()).facts)
    found = bands(now, depth="factors")
    assert [row["rank_high"] for row in rows] == found.high[now.order].tolist()


def test_models_are_ranked_among_those_that_pass_the_filters():
    text = printed("models", "--bands", "--for", "embed", "--top", "3", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["rank"] for row in rows] == ["1", "2", "3"]
    assert all(1 <= int(row["rank_low"]) <= int(row["rank"]) <= int(row["rank_high"]) for row in rows)


def test_a_narrow_terminal_leaves_out_for_whom():
    text = printed("organisations", "--bands", COLUMNS="80")
    assert "First for" not in text
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["models", "--any-weights"], "--any-weights means nothing without --bands."),
        (["organisations", "--any-weights"], "--any-weights means nothing without --bands."),
        (["models", "--order", "BAAI/bge-m3"], "An order is of 2 to 6: repeat --order, the first ahead of all others."),
        (["models", "--order", "a/b", "--bands"], "Give either --bands or --order, not both."),
        (
            ["organisations", "--order", "Meta", "--order", "BAAI", "--values", "raw"],
            "--order is about one month's ranking by all dimensions; leave out --values.",
        ),
        (["models", "--all-factors"], "--all-factors means nothing without --bands."),
        (
            ["organisations", "--bands", "--months", "--table", "data"],
            "--bands is about one month's ranking by all dimensions; leave out --months and --table.",
        ),
    ],
)
def test_what_means_nothing_is_refused(arguments, sentence):
    assert command.refused("rank", *arguments).strip() == sentence


def test_a_pair_tips_where_the_scores_do(bundled):
    done = command.run(
        "explain", "openai/gpt-oss-20b", "--against", "baai/BGE-m3", "--weight", "security=60", COLUMNS="400"
    )
    scores = ModelView(weights={"security": 60.0}).score(bundled)
    found = tipping(scores, scores.position["openai/gpt-oss-20b"], scores.position["BAAI/bge-m3"])
    assert done.stdout.decode().splitlines() == found.sentences()
    done = command.run("explain", "--organisation", "meta", "--against", "baai", COLUMNS="400")
    assert done.stdout.decode().startswith("BAAI stays ahead of Meta unless Model rises above 50 % (now 25 %).\n")


def test_nobody_is_compared_with_who_is_not_there():
    assert "There is no organisation bai" in command.refused("explain", "--organisation", "meta", "--against", "bai")
    assert "There is no model a/b" in command.refused("explain", "openai/gpt-oss-20b", "--against", "a/b")


def test_weights_for_an_order_come_with_the_command_that_ranks_by_them():
    sentence, line = printed("organisations", "--order", "meta", "--order", "baai", COLUMNS="400").splitlines()
    now = influence(rollup(load()).facts)
    assert sentence == nearest_weights(now, [now.position["Meta"], now.position["BAAI"]]).sentence()
    words = shlex.split(line)
    rows = command.lines(command.run(*words[1:], "--format", "json"))
    assert [row["org"] for row in rows][:2] == ["Meta", "BAAI"]
    assert printed("models", "--order", "openai/gpt-oss-20b", "--order", "BAAI/bge-m3").count("\n") == 1  # it is so


def test_weights_for_an_order_of_models_as_json_and_csv_or_why_there_are_none(bundled):
    pair = ("--order", "openai/gpt-oss-20b", "--order", "baai/bge-m3")
    (found,) = [json.loads(line) for line in printed("models", *pair, "--format", "json").splitlines()]
    scores = ModelView(weights=found["weights"]).score(bundled)
    ahead, behind = (scores.total[scores.position[one]] for one in ("openai/gpt-oss-20b", "BAAI/bge-m3"))
    assert ahead > behind
    rows = list(csv.DictReader(io.StringIO(printed("models", *pair, "--format", "csv"))))
    assert {row["weight"]: float(row["value"]) for row in rows} == found["weights"]
