"""`score`, `rank models` and `explain` as a stranger runs them."""

import csv
import gzip
import io
import random
import re

import pytest

from data.models import records
from scoring.factors.operational import LICENSE_LEVELS
from scoring.scorecards import MODEL, PRESETS
from tests import independent
from tests.command import GOOD, jsonl, lines, process, ranking, refused, run
from tests.records import AS_OF, known

FACTOR_KEYS = {"value", "state", "scaled", "share", "points"}


# Score


def test_a_line_of_json_has_exactly_the_keys_of_the_design(file):
    done = run("score", file(jsonl(GOOD, {"id": "c/d"})), "--format", "json")
    assert (done.returncode, done.stderr) == (0, b"")
    first, second = lines(done)
    for told in (first, second):
        assert list(told) == [
            *("id", "total", "low", "high", "uncapped", "capped_by", "coverage", "ranked", "evidence"),
            *("categories", "factors", "flags"),
        ]
        assert {c: set(v) for c, v in told["categories"].items()} == {
            c: {"score", "coverage"} for c in independent.CATEGORIES
        }
        assert list(told["factors"]) == list(independent.FACTORS)
        assert all(
            set(f) - {"level", "at_least", "counted", "would_add"} == FACTOR_KEYS for f in told["factors"].values()
        )
        assert sum(f["share"] for f in told["factors"].values()) == pytest.approx(1, abs=1e-9)
        assert sum(f["points"] for f in told["factors"].values()) == pytest.approx(told["uncapped"], abs=1e-9)
    assert (first["id"], second["id"]) == ("a/b", "c/d")
    assert first["factors"]["likes"]["value"] == 99
    assert first["factors"]["downloads"] == {
        **{"value": 9999, "state": "known", "scaled": pytest.approx(0.5, abs=1e-6)},
        **{"share": first["factors"]["downloads"]["share"], "points": first["factors"]["downloads"]["points"]},
    }
    assert first["factors"]["hub_scan"]["value"] is None
    assert first["factors"]["hub_scan"]["state"] == "unknown"


def test_the_lines_are_the_independent_scores(bundled_records):
    some = bundled_records[::45]
    done = run("score", "-", "--format", "json", "--count", "all", stdin=jsonl(*some))
    rows = known(records.frame(records.rows(some, AS_OF)))
    for told, row in zip(lines(done), rows, strict=True):
        expected = independent.totals(row)
        assert told["id"] == row["id"]
        for name in ("total", "low", "high", "uncapped", "coverage", "capped_by"):
            assert told[name] == (expected[name] if name == "capped_by" else pytest.approx(expected[name], abs=1e-9))
        for factor, said in told["factors"].items():
            for name in ("scaled", "share", "points"):
                number = expected[name][factor]
                assert said[name] == (None if number is None else pytest.approx(number, abs=1e-9)), (factor, name)


def test_csv_is_read_by_any_reader(file):
    done = run("score", file(jsonl(GOOD, {"id": "c/d"}, {"id": '=cmd|"x"/d'})), "--format", "csv")
    assert (done.returncode, done.stderr) == (0, b"")
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode())))
    assert [row["id"] for row in rows] == ["a/b", "c/d", '\'=cmd|"x"/d']
    assert set(independent.FACTORS) | set(independent.CATEGORIES) | {"total", "low", "high"} <= set(rows[0])
    assert rows[0]["likes"] == "99"
    assert rows[1]["likes"] == "unknown"


def test_a_table_shows_every_factor_of_a_few_records(file):
    done = process("score", file(jsonl(GOOD)))
    text = done.stdout.decode()
    assert done.returncode == 0
    for factor in MODEL.factors:
        assert factor.label in text
    assert "nan" not in text.lower()
    assert len(run("score", "-", stdin=jsonl({"id": "c/d"})).stdout.splitlines()) > 25


def test_standard_input_is_read_gzipped_or_not():
    for content in (jsonl(GOOD), gzip.compress(jsonl(GOOD))):
        done = process("score", "-", "--format", "json", stdin=content)
        assert done.returncode == 0
        assert [told["id"] for told in lines(done)] == ["a/b"]


def test_a_malformed_line_is_said_with_its_number_and_the_others_are_scored(file):
    path = file(jsonl(GOOD) + b'{"id": "broken\n' + b"[1]\n" + jsonl({"id": "c/d"}))
    done = run("score", path, "--format", "json")
    assert done.returncode == 1
    assert [told["id"] for told in lines(done)] == ["a/b", "c/d"]
    complaints = done.stderr.decode().splitlines()
    assert len(complaints) == 2
    assert complaints[0].startswith("Line 2 is not valid JSON")
    assert complaints[1] == "Line 3 is a JSON list, not an object; it was left out."


def test_a_mark_blank_lines_and_windows_line_ends_are_no_fault(file):
    content = b"\xef\xbb\xbf" + jsonl(GOOD).replace(b"\n", b"\r\n") + b"\r\n \r\n\n" + jsonl({"id": "c/d"}).strip()
    done = run("score", file(content), "--format", "json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert [told["id"] for told in lines(done)] == ["a/b", "c/d"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "has no line that is a JSON object with a text `id`."),
        (b"\n\n \n", "has no line that is a JSON object with a text `id`."),
        (b"[]\n3\n{}\n" * 50, "has no line that is a JSON object with a text `id`."),
        (random.Random(1).randbytes(5000), "has no line that is a JSON object with a text `id`."),
        (gzip.compress(jsonl(GOOD))[:30], "cannot be read: compressed file ended before"),
        (gzip.compress(jsonl(GOOD))[:10], "cannot be read: compressed file ended before"),
        (b"\x1f\x8bnot gzip at all", "cannot be read: "),
    ],
    ids=["empty", "blank lines", "no objects", "garbage", "cut gzip", "cut gzip head", "no gzip"],
)
def test_a_file_without_a_record_is_one_sentence(file, content, said):
    path = file(content)
    assert refused("score", path).startswith(f"{path} {said}")


def test_what_is_no_file_is_one_sentence(tmp_path):
    missing = tmp_path / "not there.jsonl"
    assert refused("score", missing) == f"{missing} cannot be read: there is no such file or folder."
    assert refused("score", tmp_path) == f"{tmp_path} cannot be read: is a directory."
    assert refused("score", "-").startswith("- has no line")
    assert refused("score") == "Give either a file of records (or - for standard input) or --id ORG/NAME."
    assert refused("score", "x", "--id", "a/b").startswith("Give either a file")


def test_a_gzip_file_that_breaks_off_scores_what_came_before(file, bundled_records):
    packed = gzip.compress(jsonl(*bundled_records[:400]))
    done = run("score", file(packed[: len(packed) * 2 // 3]), "--format", "json")
    assert done.returncode == 1
    assert 0 < len(lines(done)) < 400
    said = done.stderr.decode()
    assert f"breaks off after {len(lines(done))} records (compressed file ended" in said
    assert said.count("\n") == 1


ODD = [
    *(b'{"id":', b"[]", b"null", b'"x"', b"123", b"\xff\xfe\x00", b'{"id":5}', b'{"id":""}', b'{"id":"\\ud800"}'),
    *(b"[" * 5000, b'{"a":' * 3000, b"", b"   ", b"\xef\xbb\xbf", b"\x00\x01\x02", b'{"id":"a/b"}}'),
    b'{"id":"a/b","tags":{"x":1},"siblings":"?","likes":1e999,"downloads":NaN,"gated":[],"createdAt":-1}',
    b'{"id":"' + b"x" * 100_000 + b'"}',
    b'{"id":"\\u001b[31m/red","readme":"---\\na: &a [*a]\\n---\\n"}',
    b'{"id":"=1+1/x","likes":-5,"cardData":[[]],"config":3,"_provenance":"x","_incomplete":{}}',
    b'{"id":"[/bold]/[red]","evalResults":[{"error":1}],"model-index":{"a":1},"securityRepoStatus":[]}',
    b'{"id":"a/deep","x":' + b"[" * 300 + b"]" * 300 + b',"likes":99999999999999999999999999}',
]


@pytest.mark.parametrize("form", ["json", "csv", "table"])
def test_three_hundred_odd_lines_give_a_sentence_or_a_score_each(file, form):
    rng = random.Random(7)
    content = [rng.choice(ODD) if rng.random() < 0.8 else jsonl(GOOD | {"likes": n}).strip() for n in range(300)]
    done = (process if form == "table" else run)("score", file(b"\n".join(content)), "--format", form)
    assert done.returncode == 1
    complaints = done.stderr.decode().splitlines()
    assert all(re.fullmatch(r"Line \d+ .*; it was left out\.", said) for said in complaints)
    assert b"\x1b" not in done.stdout + done.stderr
    skipped = sum(not line.strip(b" \xef\xbb\xbf") for line in content)
    if form == "json":
        assert len(lines(done)) == 300 - skipped - len(complaints) > 50
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(done.stdout.decode(), newline="")))
        assert len(rows) == 300 - skipped - len(complaints)


def test_dates_are_counted_at_as_of_or_at_the_day_of_the_snapshot(file, bundled):
    path = file(jsonl({"id": "a/b", "createdAt": "2026-01-01", "lastModified": "2026-01-01"}))
    (told,) = lines(run("score", path, "--format", "json", "--as-of", "2026-01-11"))
    assert told["factors"]["age"]["value"] == 10
    (told,) = lines(run("score", path, "--format", "json"))
    assert told["factors"]["age"]["value"] == (AS_OF.fromisoformat(bundled.taken) - AS_OF.replace(month=1, day=1)).days


def test_models_of_the_snapshot_are_scored_by_id(bundled):
    done = run(
        "score", "--id", "openai/gpt-oss-20b", "--id", "SENTENCE-transformers/all-minilm-l6-v2", "--format", "json"
    )
    assert [told["id"] for told in lines(done)] == ["openai/gpt-oss-20b", "sentence-transformers/all-MiniLM-L6-v2"]
    ranked = {told["id"]: told for told in lines(run("rank", "models", "--format", "json"))}
    assert all(told == ranked[told["id"]] for told in lines(done))


def test_an_unknown_id_names_the_nearest():
    for arguments in (("score", "--id", "openai/gptoss-20b"), ("explain", "openai/gptoss-20b")):
        said = refused(*arguments)
        assert said.startswith("There is no model openai/gptoss-20b in snapshot ")
        assert "the nearest are openai/gpt-oss-20b, " in said


# Rank, and the options of a view


@pytest.fixture(scope="module")
def balanced():
    return ranking()


def test_the_ranking_lists_everybody_by_total_the_unranked_last(balanced, bundled):
    assert len(balanced) == len(bundled.facts)
    ranked = [told["ranked"] for told in balanced]
    assert ranked == sorted(ranked, reverse=True)
    totals = [round(told["total"], 9) for told in balanced if told["ranked"]]
    assert totals == sorted(totals, reverse=True)
    assert all((told["coverage"] >= 0.5) == told["ranked"] for told in balanced)
    assert [told["id"] for told in ranking("--top", "7")] == [told["id"] for told in balanced[:7]]


def test_the_ranking_of_everything_known_is_the_independent_one(bundled):
    rows = {row["id"]: independent.totals(row) for row in known(bundled.facts)}
    for told in ranking("--count", "all"):
        assert told["total"] == pytest.approx(rows[told["id"]]["total"], abs=1e-9)


def test_weights_change_the_order_and_say_whose_they_are(balanced):
    likes = ranking("--weight", "popularity=100", *(f"--weight={c}=0" for c in ("activity", "operational", "security")))
    assert [t["id"] for t in likes[:20]] != [t["id"] for t in balanced[:20]]
    assert likes[0]["factors"]["likes"]["share"] == pytest.approx(1.5 / 4)  # of downloads, likes and papers
    assert all(told["total"] == pytest.approx(told["categories"]["popularity"]["score"]) for told in likes[:50])
    # sliders never change who is ranked
    assert {t["id"] for t in likes if t["ranked"]} == {t["id"] for t in balanced if t["ranked"]}


@pytest.mark.parametrize(
    ("option", "check"),
    [
        (
            ("--preset", "security_first", "--count", "all"),
            lambda t: t["factors"]["hub_scan"]["share"] == pytest.approx(0.6 * 2 / 9.25, rel=0.5),
        ),
        (
            ("--unknown", "skip"),
            lambda t: all(f["scaled"] is None for f in t["factors"].values() if f["value"] is None),
        ),
        (("--unknown", "zero"), lambda t: t["factors"]["pull_requests"]["scaled"] in (0, None)),
        (("--search", "whisper LARGE"), lambda t: "whisper" in t["id"].lower() and "large" in t["id"].lower()),
        (("--publisher", "official"), lambda t: t["factors"]["provider"]["value"] == 2),
        (("--publisher", "Qwen"), lambda t: t["id"].startswith("Qwen/")),
        (("--license", "non_commercial"), lambda t: t["factors"]["license_type"]["value"] == "non_commercial"),
        (("--task", "automatic-speech-recognition"), lambda t: True),
        (("--params", "1b"), lambda t: "70b" not in t["id"].lower()),
        (("--context", "1m"), lambda t: True),
        (("--openness", "open_data"), lambda t: True),
        (("--library", "mlx", "--library", "diffusers"), lambda t: "70b" not in t["id"].lower()),
        (("--evidence", "whole dossier"), lambda t: t["evidence"] == "whole dossier"),
        (("--memory", "8", "--bits", "8"), lambda t: "70b" not in t["id"].lower()),
        (("--changed", "1y"), lambda t: True),
        (("--hide-flagged", "--params", "1b"), lambda t: not {"unsafe_scan", "looks_like"} & set(t["flags"])),
        (("--results-by", "Open LLM Leaderboard"), lambda t: t["factors"]["evaluation_results"]["value"]),
    ],
)
def test_each_option_of_a_view_does_what_it_says(balanced, option, check):
    found = ranking(*option, "--top", "300")
    assert found
    assert all(check(told) for told in found)
    if option[0] not in ("--preset", "--unknown"):
        assert len(found) < 300 or len(ranking(*option)) < len(balanced)


def test_a_ranking_is_sorted_by_any_column_and_its_ranks_stay(balanced):
    likes = [t["factors"]["likes"]["value"] for t in ranking("--for", "embeddings", "--sort", "likes")]
    assert likes == sorted(likes, reverse=True)
    turned = run("rank", "models", "--for=embeddings", "--sort=likes", "--reverse", "--format=csv")
    rows = list(csv.DictReader(io.StringIO(turned.stdout.decode())))
    ranked = sorted((row for row in rows if row["rank"] != "not ranked"), key=lambda row: int(row["rank"]))
    assert [int(row["rank_shown"]) for row in ranked] == list(range(1, len(ranked) + 1))
    assert [int(row["likes"]) for row in rows] == sorted(likes)


def test_minimum_coverage_decides_who_is_ranked(balanced):
    assert all(told["ranked"] for told in ranking("--min-coverage", "0"))
    assert not any(told["ranked"] for told in ranking("--count", "all", "--min-coverage", "1"))
    assert all((told["coverage"] >= 0.8) == told["ranked"] for told in ranking("--min-coverage", "0.8"))


def test_without_the_cap_a_finding_holds_nothing(file):
    scan = {"scansDone": True, "filesWithIssues": [{"path": "x.pkl", "level": "unsafe"}]}
    path = file(jsonl(GOOD | {"securityRepoStatus": scan, "likes": 15_000, "downloads": 10**8}))
    (held,) = lines(run("score", path, "--format", "json"))
    (free,) = lines(run("score", path, "--format", "json", "--no-cap"))
    assert (held["total"], held["capped_by"]) == (30, "hub_scan")
    assert (free["total"], free["capped_by"]) == (pytest.approx(held["uncapped"]), None)
    assert held["uncapped"] > 30
    assert "unsafe_scan" in held["flags"]
    assert "unsafe_scan" in free["flags"]


def test_population_places_the_models_between_the_least_and_the_most(bundled):
    found = ranking("--yardstick", "population")
    likes = {told["id"]: told["factors"]["likes"]["scaled"] for told in found}
    assert (min(likes.values()), max(likes.values())) == (0, 1)
    most = bundled.facts["likes"].idxmax()
    assert likes[bundled.facts["id"][most]] == 1


def test_the_words_for_a_group_of_tasks_are_those_of_the_panel(bundled):
    embedders = bundled.facts.loc[bundled.facts["task_group"] == "embeddings", "id"]
    assert {told["id"] for told in ranking("--for", "embed")} == set(embedders)
    assert refused("rank", "models", "--for", "poetry").startswith("There is no task group “poetry”; there are ")


def test_nobody_matches_is_an_empty_answer():
    assert ranking("--search", "no model is called so") == []
    done = run("rank", "models", "--search", "no model is called so")
    assert done.returncode == 0
    assert done.stdout.endswith(b"\nNo model matches.\n")
    done = run("rank", "models", "--search", "no model is called so", "--format", "csv")
    assert done.stdout.decode().startswith("rank,rank_shown,id,total")


@pytest.mark.parametrize(
    ("arguments", "tally"),
    [
        (["--top", "1"], "1 of 5,728 models shown; --top N shows more."),
        (
            ["--for", "embed", "--top", "3"],
            "3 of 64 models in “Embeddings and reranking” shown; 5,728 in all; --top N shows more.",
        ),
        (["--search", "openai/whisper-large-v3-turbo"], "1 of 1 model that matches shown; 5,728 in all."),
        (["--search", "whisper", "--top", "2"], "2 of 11 models that match shown; 5,728 in all; --top N shows more."),
    ],
)
def test_a_table_ends_with_how_many_there_are(arguments, tally):
    assert run("rank", "models", *arguments).stdout.decode().splitlines()[-1] == tally


def test_every_id_that_is_not_found_is_named():
    done = run("score", "--id", "a b", "--id", "c d")
    assert done.returncode == 2
    assert [line[:22] for line in done.stderr.decode().splitlines()] == [
        "There is no model a b ",
        "There is no model c d ",
    ]


ZERO = [f"--weight={c}=0" for c in independent.CATEGORIES]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--weight", "fame=3"], "--weight fame=3 is not ID=N with the id of a category or factor; the nearest are "),
        (
            ["--weight", "lkes=3"],
            "--weight lkes=3 is not ID=N with the id of a category or factor; the nearest are likes",
        ),
        (["--weight", "likes"], "--weight likes is not ID=N"),
        (["--weight", "likes=much"], "--weight likes=“much” is not a number from 0 to 100."),
        (["--weight", "likes=-1"], "--weight likes=“-1” is not a number from 0 to 100."),
        (["--weight", "likes=nan"], "--weight likes=“nan” is not a number from 0 to 100."),
        (["--weight", "likes=1e999"], "--weight likes=“1e999” is not a number from 0 to 100."),
        (["--weight", "likes="], "--weight likes=“” is not a number from 0 to 100."),
        (ZERO, "All weights are zero, so nothing can be ranked; raise at least one weight."),
        (
            ["--preset", "best"],
            "--preset “best” is not one of balanced, security_first, adoption, transparency, operations.",
        ),
        (["--unknown", "median"], "--unknown “median” is not one of neutral, zero, skip."),
        (["--yardstick", "rank"], "--yardstick “rank” is not one of goalposts, population."),
        (["--min-coverage", "2"], "--min-coverage “2” is not a number from 0 to 1."),
        (["--license", "free"], f"There is no licence “free”; there are {', '.join(LICENSE_LEVELS)}."),
        (["--task", "texxt-generation"], "There is no task “texxt-generation”; the nearest are text-generation, "),
        (["--publisher", "BAAAI"], "There is no publisher “BAAAI”; the nearest are BAAI, "),
        (
            ["--results-by", "Open LLM Leaderbord"],
            "There is no reporter “Open LLM Leaderbord”; the nearest",
        ),
        (["--library", "transfomers"], "There is no library “transfomers”; the nearest are transformers, "),
        (["--bits", "4"], "--bits means nothing without --memory."),
        (["--as-of", "2026-01-01"], "No such option: --as-of"),
        (["--snapshot", "2020-01-01"], "There is no snapshot 2020-01-01 of models; the only one is "),
        (["--snapshot", "../../etc"], "There is no snapshot ../../etc of models; the only one is "),
        (["--q"], "No such option: --q; see `weighbridge --help`."),
        (["--weight"], "Option '--weight' requires an argument; see `weighbridge --help`."),
        (["--top", "0"], "Invalid value for '--top': "),
        (["--top", "many"], "Invalid value for '--top': "),
        (["--format", "xml"], "Invalid value for '--format': "),
    ],
)
def test_a_bad_option_is_one_sentence(arguments, said):
    assert refused("rank", "models", *arguments).startswith(said)


@pytest.mark.parametrize("command", [("score", "--id", "openai/gpt-oss-20b"), ("explain", "openai/gpt-oss-20b")])
def test_score_and_explain_take_the_same_options(command):
    assert refused(*command, "--weight", "fame=1").startswith("--weight fame=1 is not ID=N")
    assert refused(*command, "--snapshot", "1999-01-01").startswith("There is no snapshot 1999-01-01")
    view = ["--weight=likes=9", "--preset=adoption", "--unknown=skip", "--yardstick=population", "--min-coverage=0.9"]
    (told,) = lines(run(*command, *view, "--count=all", "--no-cap", "--snapshot=2026-10-08", "--format=json"))
    assert told["factors"]["likes"]["share"] > 0.3
    assert not told["ranked"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["explain", "openai/gpt-oss-20b", "--search", "x"], "No such option: --search"),
        (["explain", "openai/gpt-oss-20b", "--publisher", "openai"], "No such option: --publisher"),
        (["explain", "openai/gpt-oss-20b", "--as-of", "2026-01-01"], "No such option: --as-of"),
        (
            ["score", "--id", "openai/gpt-oss-20b", "--task", "text-generation", "--as-of", "2026-01-01"],
            "--task and --as-of mean nothing beside --id",
        ),
        (["score", "--id", "openai/gpt-oss-20b", "--for", "embed"], "--for means nothing beside --id"),
    ],
)
def test_an_option_that_would_change_nothing_is_refused(arguments, said):
    assert refused(*arguments).startswith(said)


def test_filters_choose_among_the_records_of_a_file(file):
    path = file(jsonl(GOOD | {"pipeline_tag": "summarization"}, {"id": "c/d", "pipeline_tag": "text-to-song"}))
    for task, kept in (("summarization", ["a/b"]), ("text-to-song", ["c/d"]), ("text-generation", [])):
        assert [told["id"] for told in lines(run("score", path, "--task", task, "--format", "json"))] == kept
    assert refused("score", path, "--task", "text-to-sonk").startswith("There is no task “text-to-sonk”; the nearest")
    assert refused("score", path, "--as-of", "tomorrow").startswith("--as-of tomorrow is not a date; write it as ")


@pytest.mark.parametrize("preset", PRESETS)
def test_each_preset_ranks(preset):
    card = MODEL.with_weights(PRESETS[preset])
    (told,) = lines(run("rank", "models", "--count", "all", "--preset", preset, "--top", "1", "--format", "json"))
    parts = {c.id: c.weight / 100 * (told["categories"][c.id]["score"] or 0) for c in card.categories}
    assert sum(parts.values()) == pytest.approx(told["uncapped"])


def test_a_last_tiny_weight_is_no_failure():
    others = [f"--weight={f.id}=0" for f in MODEL.factors if f.id != "likes"]
    (told,) = lines(run("rank", "models", *others, "--weight=likes=1e-320", "--top=1", "--format=json"))
    assert told["factors"]["likes"]["share"] == 1
    assert told["total"] == pytest.approx(100 * told["factors"]["likes"]["scaled"])


# Explain


def test_a_receipt_gives_value_scaled_share_points_source_and_date(bundled):
    text = process("explain", "openai/gpt-oss-20b").stdout.decode()
    for heading in ("Factor", "Value", "State", "Scaled", "Share", "Points", "Source", "As of"):
        assert heading in text
    for factor in MODEL.factors:
        assert factor.label in text
    likes = next(line for line in text.splitlines() if line.startswith("Likes"))
    row = known(bundled.facts.iloc[[bundled.position["openai/gpt-oss-20b"]]])[0]
    said = bundled.evidence(row["id"], "likes", row["likes"], "")
    assert f"{row['likes']:,} likes" in likes
    assert said.source in likes
    assert said.as_of in likes
    (told,) = lines(run("explain", "openai/gpt-oss-20b", "--format", "json"))
    assert f"{told['factors']['likes']['points']:.2f}" in likes
    assert f"{told['uncapped']:.2f}" in text


def test_who_it_is_its_verdict_total_and_evidence_come_first():
    text = run("explain", "openai/gpt-oss-20b", COLUMNS="400").stdout.decode().splitlines()
    assert text[0].startswith("openai/gpt-oss-20b: text generation, Apache License 2.0, transformers, ")
    assert re.search(
        r", created \d+ August 2025, last changed \d+ \w+ \d{4}\. Revision [0-9a-f]{40}, read on \d+ \w+ \d{4}\.$",
        text[0].rstrip(),
    )
    assert re.match(r"With [\d.]+ of 100 it ranks 1 of [\d,]+ in “Language models” and 1 of 5,\d+ in all", text[1])
    total = (
        r"Total [\d.]+, exact: what is unknown cannot change it\. At most 30 if the Hub's scanners call a file unsafe\."
    )
    assert re.match(rf"{total} Evidence: whole dossier, \d+% of the full scorecard\.$", text[2].rstrip())


def test_what_would_change_its_rank_is_given_in_points_and_places():
    text = run("explain", "BAAI/bge-m3", COLUMNS="200").stdout.decode()
    advice = text[text.index("What would change its rank") :].splitlines()
    (mended,) = (line for line in advice if "Convert the weights to safetensors" in line)
    (unscanned,) = (line for line in advice if "Find out: What do the Hub's malware scanners say" in line)
    assert re.match(r" *\+\d\.\d +\+\d+ Convert", mended)
    assert re.match(r" *\+0\.0 / -\d+\.\d \+0 / -\d+ Find out", unscanned)


def test_a_receipt_says_why_a_fact_is_not_known(bundled):
    rows = known(bundled.facts)
    told = ((row, bundled.evidence(row["id"], "downloads_30d", None, "").note) for row in rows)
    row, why = next((row, why) for row, why in told if why)
    assert row["downloads_30d"] is None
    assert f"Downloads: {why}" in run("explain", row["id"]).stdout.decode()


def test_under_a_filter_both_ranks_are_shown(balanced):
    rows = run("rank", "models", "--for", "embed", "--top", "3", COLUMNS="160").stdout.decode().splitlines()
    assert rows[0].split()[:4] == ["#", "In", "all", "Model"]
    every = {told["id"]: n for n, told in enumerate(balanced, 1)}
    for n, row in enumerate(rows[1:4], 1):
        within, in_all, model, *_ = row.split()
        assert (int(within), int(in_all)) == (n, every[model])
    assert "In all" not in run("rank", "models", "--top", "3").stdout.decode()


def test_what_they_are_sorted_by_is_shown(bundled):
    text = run("rank", "models", "--sort", "likes", "--top", "3", COLUMNS="80").stdout.decode().splitlines()
    most = bundled.facts.nlargest(3, "likes")
    assert text[0].split()[:3] == ["#", "Model", "Likes"]
    assert [line.split()[1:3] for line in text[1:4]] == [[r.id, f"{r.likes:,}"] for r in most.itertuples()]
    assert run("rank", "models", "--sort", "id", "--top", "3").stdout.decode().split()[:3] == ["#", "Model", "Total"]


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_id_of_a_ranking_is_broken(balanced, width):
    shown = process("rank", "models", "--top", "300", COLUMNS=str(width)).stdout.decode()
    assert [told["id"] for told in balanced[:300] if told["id"] not in shown] == []
    assert max(map(len, shown.splitlines())) <= width or width == 60


def test_tables_fit_the_terminal_and_lose_no_column():
    for width in (80, 120):
        for arguments in (("explain", "openai/gpt-oss-20b"), ("rank", "models", "--top", "40")):
            text = run(*arguments, COLUMNS=str(width)).stdout.decode()
            assert max(map(len, text.splitlines())) <= width
            assert "…" not in text
            assert arguments[0] == "rank" or re.search(r"\d{4}-\d{2}-\d{2}", text)


def test_the_bundle_is_scored_in_seconds(bundled_records):
    """5,728 records, every factor of each; the time is bounded, not measured."""
    done = process("score", "-", "--format", "json", stdin=jsonl(*bundled_records))
    assert len(lines(done)) == 5728
