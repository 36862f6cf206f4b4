"""`rank organisations` and `explain --organisation` as a user runs them: their output and exit code."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import command

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "tests" / "fixtures" / "influence" / "published"


def run(*arguments: str, code: int = 0, **environment: str) -> tuple[str, str]:
    done = command.run(*arguments, **environment)
    said = done.stderr.decode()
    assert done.returncode == code, said
    return done.stdout.decode(), said


def rank(*arguments: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(run("rank", "organisations", "--format", "csv", *arguments)[0])))


def test_csv_of_a_published_table_equals_the_file():
    rows = rank("--method", "published", "--month", "2025-03-07", "--table", "system")
    with (PUBLISHED / "2025-03-07" / "infra-rank.csv").open(newline="") as file:
        wanted = {row["org"]: row for row in csv.DictReader(file)}
    assert list(rows[0])[-3:] == ["score", "rank", "delta_rank"]
    assert [int(r["rank"]) for r in rows] == sorted(int(r["rank"]) for r in rows)
    for row in rows:
        said = {("delta rank" if k == "delta_rank" else k): v for k, v in row.items()}
        assert set(said) == set(wanted[row["org"]])
        for key, text in wanted[row["org"]].items():
            assert (
                said[key] == text
                if key == "org" or not text
                else float(said[key]) == pytest.approx(float(text), abs=1e-9)
            )


def test_the_default_is_the_newest_month_as_documented():
    rows = rank()
    assert list(rows[0]) == ["org", "data", "model", "system", "benchmark", "score", "rank", "delta_rank"]
    assert rows == rank("--month", "2025-09-07", "--method", "documented", "--table", "overall")
    assert (len(rows), rows[0]["org"]) == (32, "BAAI")
    parts = [float(rows[0][d]) for d in ("data", "model", "system", "benchmark")]
    assert float(rows[0]["score"]) == pytest.approx(sum(parts) / 4, abs=1e-12)
    assert {r["org"]: r["delta_rank"] for r in rows}["Moonshot"] == ""


def test_raw_values_are_the_facts():
    with (PUBLISHED / "2025-04-07" / "model-summary.csv").open(newline="") as file:
        wanted = {row.pop("org"): row for row in csv.DictReader(file)}
    rows = rank("--method", "published", "--month", "2025-04-07", "--table", "model", "--values", "raw")
    assert {row.pop("org"): row for row in rows} == wanted
    assert {"data_num_language", "model_likes", "system_num_operators"} < set(rank("--values", "raw")[0])


def test_all_months_as_one_table():
    rows = rank("--months", "--table", "benchmark", "--method", "published")
    assert [r["month"] for r in rows] == sorted(r["month"] for r in rows)
    assert len({r["month"] for r in rows}) == 10
    first = [r for r in rows if r["month"] == "2024-12-13"]
    assert all(r["num_evaluation_tools"] == "" and r["delta_rank"] == "" for r in first)
    assert rows == rank("--months", "--table", "benchmark", "--method", "published", "--format", "csv")


def test_all_months_are_a_table_too():
    text, _ = run("rank", "organisations", "--months", "--organisation", "BAAI", COLUMNS="80")
    assert text.splitlines()[1].split()[:4] == ["month", "rank", "moved", "org"]
    assert [line.split()[0] for line in text.splitlines()[2:12]] == sorted({r["month"] for r in rank("--months")})


def test_json_is_one_object_a_line_without_nan():
    out, _ = run("rank", "organisations", "--format", "json", "--organisation", "google", "--organisation", "BAAI")
    rows = [json.loads(line, parse_constant=pytest.fail) for line in out.splitlines()]
    assert [(r["org"], r["rank"], r["month"]) for r in rows] == [("BAAI", 1, "2025-09-07"), ("Google", 4, "2025-09-07")]


def test_weights_move_the_order():
    published = ("--method", "published")
    only_model = rank(*published, "--weight", "data=0", "--weight", "system=0", "--weight", "benchmark=0")
    assert [r["org"] for r in only_model] == [r["org"] for r in rank(*published, "--table", "model")]
    grouped = rank(*published, "--weight", "model_group_model_usage_volume=0", "--weight", "model_likes=5")
    assert [r["score"] for r in grouped] != [r["score"] for r in rank(*published)]


def test_the_table_says_what_the_order_depends_on():
    out, err = run("rank", "organisations", COLUMNS="160")
    assert out.splitlines()[2].split()[:3] == ["1", "=", "BAAI"]
    assert "Kendall’s tau 0.72; Tencent moves most, from 27 to 12; first is Meta, not BAAI." in out
    assert "6,860 repository rows of 32 ranked organisations" in out
    assert err == ""
    assert "7 September 2025: 6,860" in run("rank", "organisations", "--format", "csv")[1]


def test_a_receipt_has_every_indicator_with_source_and_sums_up():
    out, _ = run("explain", "--organisation", "meta", "--format", "json")
    said = json.loads(out, parse_constant=pytest.fail)
    assert (said["org"], said["rank"], len(said["indicators"])) == ("Meta", 3, 69)
    assert sum(i["points"] for i in said["indicators"]) == pytest.approx(100 * said["score"])
    assert sum(i["share"] for i in said["indicators"]) == pytest.approx(1)
    for line in said["indicators"]:
        assert (line["state"] == "unknown") == (line["value"] is None)
        assert line["source"] or line["state"] == "unknown"
    rows = list(csv.DictReader(io.StringIO(run("explain", "--organisation", "Meta", "--format", "csv")[0])))
    assert [r["id"] for r in rows] == [i["id"] for i in said["indicators"]]
    table, _ = run("explain", "--organisation", "Meta", "--method", "published", COLUMNS="160")
    assert "rank 1 of 32 (= since 7 August 2025)" in table.splitlines()[1]
    assert "Industry-specific data sets" in table


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--month", "2025-03-01"],
            "There is no month “2025-03-01”; the nearest are 2025-03-07, 2025-02-14, 2025-04-07.",
        ),
        (["--month", "soon"], "There is no month “soon”; the newest is 2025-09-07."),
        (["--method", "publishd"], "--method “publishd” is not known; the nearest is published."),
        (
            ["--table", "modl"],
            "Invalid value for '--table': 'modl' is not one of 'overall', 'data', 'model', 'system', 'benchmark'; see",
        ),
        (["--values", "rwa"], "Invalid value for '--values': 'rwa' is not one of 'normalised', 'raw'; see"),
        (["--organisation", "Goggle"], "There is no organisation Goggle in 2025-09-07; the nearest are Google,"),
        (["--weight", "modl=2"], "--weight modl=2 is not ID=N"),
        (["--weight", "model=-1"], "--weight model=“-1” is not a number from 0 to 100."),
        (["--weight", "model=nan"], "--weight model=“nan” is not a number from 0 to 100."),
        (
            ["--weight", "data=0", "--weight", "model=0", "--weight", "system=0", "--weight", "benchmark=0"],
            "All weights",
        ),
        (["--months", "--month", "2025-09-07"], "Give either --month DATE or --months, not both."),
        (["--bogus"], "No such option"),
    ],
)
def test_bad_input_is_one_sentence(arguments, said):
    out, err = run("rank", "organisations", *arguments, code=2)
    assert out == ""
    assert said in err
    assert len(err.splitlines()) == 1


def test_an_organisation_of_other_months_is_told_apart():
    _, err = run("explain", "--organisation", "Moonshot", "--month", "2024-12-13", code=2)
    assert err == "Moonshot is not ranked in 2024-12-13; it is in 2025-09-07.\n"
    _, err = run("explain", "--organisation", "Metta", code=2)
    assert "There is no organisation Metta in 2025-09-07; the nearest are Meta," in err


def test_no_snapshots_at_all(tmp_path):
    _, err = run("rank", "organisations", code=2, WEIGHBRIDGE_SNAPSHOTS=str(tmp_path))
    assert err.startswith("There is no snapshot of organisations in")
    assert len(err.splitlines()) == 1


def test_published_starts_without_pandas_and_scikit_learn():
    code = (
        "import sys, weighbridge\n"
        "sys.argv = ['weighbridge', 'rank', 'organisations', '--method', 'published']\n"
        "try: weighbridge.main()\n"
        "except SystemExit: print({'pandas', 'sklearn', 'scipy'} & set(sys.modules), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.stderr.splitlines()[-1] == "set()"


def test_options_that_do_not_apply_are_refused():
    _, err = run("explain", "--organisation", "Meta", "--preset", "adoption", "--no-cap", code=2)
    assert err == "--no-cap and --preset cannot be used here; the options are --count, --method, --month, --weight.\n"
    _, err = run("explain", "openai/gpt-oss-20b", "--month", "2025-09-07", code=2)
    assert err.startswith("--month cannot be used here; the options are --count, ")
    _, err = run("explain", "openai/gpt-oss-20b", "--organisation", "Meta", code=2)
    assert err.startswith("Give either a model (ORG/NAME) or --organisation NAME")
