"""`score`, `rank models` and `explain` as a stranger runs them."""

import csv
import gzip
import io
import random
import re

import pytest

from data.models import records
from scoring.scorecards import MODEL
from tests import independent
from tests.command import GOOD, jsonl, lines, process, refused, run
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


def test_the_bundle_is_scored_in_seconds(bundled_records):
    """5,728 records, every factor of each; the time is bounded, not measured."""
    done = process("score", "-", "--format", "json", stdin=jsonl(*bundled_records))
    assert len(lines(done)) == 5728
