"""A month of organisations from servers that speak as the platforms do: every number, its day, and what is unknown."""

from __future__ import annotations

import csv
from datetime import timedelta
from typing import Any

import pytest

from data import archive
from data.collect.collector import Replay
from data.collect.replies import ReplyStore
from data.organisations.build import from_collection
from data.organisations.job import STEPS, Organisations, brought_up_to_date
from data.organisations.listings import pages
from data.organisations.month import load, write
from data.organisations.provenance import evidence
from data.organisations.rollup import rollup, summary
from data.platforms.repository import RepositoryRow
from scoring.reasons.receipt import day, standings
from scoring.scorecards import influence
from tests.platforms import server as bad
from tests.platforms.ask import QUICK
from tests.platforms.forges import size
from tests.platforms.month import PAGES, TODAY, collected, facts, month_of


def rows_of(rows: list[dict[str, Any]]) -> list[RepositoryRow]:
    return [RepositoryRow(**row) for row in rows]


def test_every_indicator_that_platforms_give_has_its_value(platforms, tmp_path, snapshots):
    month, missing = month_of(tmp_path)
    assert not missing
    assert month.taken == TODAY.isoformat()
    found = facts(month)
    meta = found["Meta"]  # models 1, 4 and 7 of nine, by their own arithmetic in tests/platforms/hub.py
    assert meta["model_num_language"] == 3
    assert meta["model_downloads_language"] == 8000 + 5000 + 2000
    assert meta["model_likes"] == 1 + 4 + 7
    assert meta["model_descendants"] == (1 + 3) + (4 + 3) + (7 + 3)
    assert meta["model_issue"] == (8 * 1 + 3) + (8 * 4 + 3) + (8 * 7 + 3)
    assert meta["model_scale"] == 7
    assert (meta["data_num_language"], meta["data_downloads_language"], meta["data_dataset_usage"]) == (1, 9, 9)
    assert meta["data_num_industry"] == 0
    assert meta["system_stars"] == 100 * size("pytorch/pytorch")
    assert meta["system_authors"] == size("pytorch/pytorch")
    assert found["Huawei"]["system_stars"] == 100 * size("mindspore/mindspore")
    assert found["BAAI"]["data_num_language"] == 5
    assert found["Ali"]["model_num_language"] == 3 + 4


def test_what_happened_in_the_listed_code_is_counted_by_its_forges(platforms, tmp_path, snapshots):
    month, missing = month_of(tmp_path)
    assert not missing
    found, rolled = facts(month)["Meta"], rollup(month)
    code = ["facebookresearch/dinov3", "meta-llama/llama-models"]
    assert found["model_commits"] == sum(map(size, code))
    assert found["model_contributors"] == 7 * len(code)
    assert found["model_merged_pull_requests"] == sum(size(one) // 2 for one in code)
    assert found["system_commits"] == size("pytorch/pytorch")
    assert facts(month)["Huawei"]["system_merged_pull_requests"] == 365
    by = evidence(rolled, "Meta", "model_merged_pull_requests")
    assert (by.source, by.as_of) == ("GitHub", month.taken)
    assert f"dinov3 (7 authors, {size(code[0])} commits, {size(code[0]) // 2} merged pull requests)" in by.note
    assert facts(month)["Newcomer"]["model_commits"] is None


def test_code_whose_forge_fails_is_unknown_with_its_reason(platforms, tmp_path, snapshots):
    platforms["GITHUB_API_URL"].break_on("/repos/pytorch/pytorch/commits", bad.status(403, {"message": "no"}))
    month, missing = month_of(tmp_path)
    assert len(missing) == 1
    found = evidence(rollup(month), "Meta", "system_commits")
    assert (found.state, "pytorch/pytorch (" in found.note, "token" in found.note) == ("unknown", True, True)
    assert facts(month)["Meta"]["system_merged_pull_requests"] == size("pytorch/pytorch") // 2
    assert facts(month)["Meta"]["model_commits"] is not None


def test_what_people_count_is_carried_over_with_its_own_day(platforms, tmp_path, snapshots):
    month, _ = month_of(tmp_path)
    before = {row["id"]: row for row in load(within=archive.BUNDLED).facts.to_pylist()}
    found, rolled = facts(month), rollup(month)
    assert month.ids == ["Meta", "Ali", "BAAI", "Huawei", "Newcomer"]
    assert found["Meta"]["benchmark_num_leaderboards"] == before["Meta"]["benchmark_num_leaderboards"]
    assert evidence(rolled, "Meta", "benchmark_num_leaderboards").as_of == "2025-09-07"
    assert found["Newcomer"]["benchmark_num_leaderboards"] is None
    stars = evidence(rolled, "Huawei", "system_stars")
    assert (stars.source, stars.as_of, stars.note) == ("Gitee", month.taken, f"MindSpore ({day(month.taken)})")
    likes = evidence(rolled, "Meta", "model_likes")
    assert (likes.source, likes.url, likes.as_of) == ("Hugging Face", "https://huggingface.co/org-1", month.taken)
    hand = evidence(rolled, "Meta", "data_num_speech")
    listed = [r for r in month.listed.to_pylist() if (r["org"], r["modality"]) == ("Meta", "Speech")]
    assert hand.value == len(listed) > 0


def test_a_listing_that_is_not_read_to_its_end_is_unknown_and_never_a_part(platforms, tmp_path, snapshots):
    platforms["HF_ENDPOINT"].faults.append(
        (lambda r: r.path == "/api/models" and r.one("author") == "org-1" and r.one("cursor") == "2", bad.status(403))
    )
    month, missing = month_of(tmp_path)
    assert len(missing) == 1
    rolled, found = rollup(month), facts(month)
    code = ("model_contributors", "model_commits", "model_merged_pull_requests")
    kept = ("model_num_adapted_chips", "model_open_source_code", *code)  # by hand, by reviewers, and from forges
    assert {v for f, v in found["Meta"].items() if f.startswith("model_") and f not in kept} == {None}
    assert found["Meta"]["data_num_language"] == 1
    assert "token" in evidence(rolled, "Meta", "model_likes").note
    assert evidence(rolled, "Meta", "model_likes").state == "unknown"
    assert found["Ali"]["model_likes"] is not None
    assert "Meta" in summary(month)
    for method in ("documented", "documented_flat", "published"):
        assert influence(rolled.facts, method).rank.size == 5


def test_a_platform_that_is_down_takes_nothing_else_with_it(platforms, tmp_path, snapshots, monkeypatch):
    monkeypatch.setenv("MODELSCOPE_ENDPOINT", "http://127.0.0.1:9")
    month, missing = month_of(tmp_path)
    assert len(missing) == 2  # its models and its data sets
    found = facts(month)
    assert found["Ali"]["model_num_language"] is None
    assert found["Meta"]["model_num_language"] == 3


def test_no_zero_for_what_nobody_could_see(platforms, tmp_path, snapshots):
    found = facts(month_of(tmp_path)[0])
    assert found["BAAI"]["model_num_language"] is None  # its only page lists data sets
    assert found["Newcomer"]["model_num_language"] == 0  # an empty listing was read to its end
    assert found["Meta"]["data_num_preference"] is None  # its one data set bears no stage of training
    assert found["Meta"]["model_num_vision"] == 0


def test_downloads_of_a_month_are_the_difference_of_two_totals(platforms, tmp_path, snapshots):
    month_of(tmp_path)
    then = (TODAY - timedelta(days=30)).isoformat()
    earlier = load().repositories.to_pylist()
    for n, row in enumerate(r for r in earlier if r["source"] == "ModelScope"):
        row["date_crawl"], row["total_downloads"] = then, row["total_downloads"] + (50 if n == 0 else -100)
    write(then, rows_of(earlier), [], [{"id": "Ali"}], {"sources": []})
    month, _ = month_of(tmp_path)
    assert month.taken == TODAY.isoformat()
    rows = [r for r in month.repositories.to_pylist() if r["source"] == "ModelScope"]
    assert [r["downloads_last_month"] for r in rows] == [None] + [100] * 5
    assert "shrank" in rows[0]["evidence"]
    assert then in rows[1]["evidence"]
    assert month.taken in rows[1]["evidence"]
    assert facts(month)["Ali"]["model_downloads_language"] == (7000 + 4000 + 1000) + 300


def test_a_table_stands_in_for_a_platform(platforms, tmp_path, snapshots):
    path = tmp_path / "table.csv"
    then = (TODAY - timedelta(days=31)).isoformat()
    rows = [
        {"org": "Ali", "name": "set", "kind": "dataset", "source": "OpenI", "modality": "Speech", "likes": "1.5k"},
        {"org": "Ali", "name": "m", "kind": "model", "source": "ModelScope", "repo": "Qwen", "modality": "Vision"}
        | {"total_downloads": "10,300", "date": TODAY.isoformat()},
        {"org": "Ali", "name": "m", "kind": "model", "source": "ModelScope", "repo": "Qwen", "modality": "Vision"}
        | {"total_downloads": "10.1k", "date": then},
    ]
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(
            file, ["org", "name", "kind", "source", "repo", "modality", "likes", "total_downloads", "date"]
        )
        writer.writeheader()
        writer.writerows(rows)
    month, missing = month_of(tmp_path, table=str(path))
    assert not missing
    assert {r.path for r in platforms["MODELSCOPE_ENDPOINT"].log} == {"/openapi/v1/datasets"}  # it brings no data sets
    found = facts(month)["Ali"]
    assert (found["data_num_speech"], found["model_num_vision"], found["model_downloads_vision"]) == (1, 1, 200)


def test_a_table_stands_in_for_a_platform_without_a_listing(platforms, tmp_path, snapshots):
    path = tmp_path / "table.csv"
    path.write_text(
        "org,name,kind,source,modality,link\nA,x,model,OpenI,Speech,https://[x\nA,y,dataset,OpenI,Speech,\n"
    )
    pages = [["A", "OpenI", "a", "https://openi.pcl.ac.cn/a"]]
    month, missing = month_of(tmp_path, pages=pages, table=str(path))
    assert not missing
    assert (facts(month)["A"]["model_num_speech"], facts(month)["A"]["data_num_speech"]) == (1, 1)
    assert month.repositories["link"].to_pylist() == [None, None]


def test_a_table_names_organisations_in_either_case_and_others_are_told_of(platforms, tmp_path, snapshots):
    path = tmp_path / "table.csv"
    path.write_text("org,name,kind,source,modality\nALI,x,dataset,OpenI,Speech\nNobody,y,dataset,OpenI,Speech\n")
    month, missing = month_of(tmp_path, table=str(path))
    assert missing == ["Nobody is not in the table of organisations, so its rows were left out."]
    assert facts(month)["Ali"]["data_num_speech"] == 1
    assert "Nobody" not in facts(month)


def test_a_date_ahead_names_no_month(platforms, tmp_path, snapshots):
    path = tmp_path / "table.csv"
    path.write_text("org,name,date\nMeta,x,2099-01-01\n")
    month, missing = month_of(tmp_path, table=str(path))
    assert month.taken == TODAY.isoformat()
    assert "lies ahead" in missing[0]


def test_whoever_builds_needs_no_token(platforms, tmp_path, snapshots, monkeypatch):
    with ReplyStore(tmp_path / "run") as run:
        monkeypatch.setenv("GITHUB_TOKEN", "ghp_" + "a" * 36)
        todo = collected(run, batched=True)
        monkeypatch.delenv("GITHUB_TOKEN")
        built = from_collection(todo.read(Replay(run, QUICK)))
    assert facts(load(built.name))["Meta"]["system_stars"] == 100 * size("pytorch/pytorch")


def test_an_older_run_built_again_takes_nothing_from_a_later_month(platforms, tmp_path, snapshots):
    month, _ = month_of(tmp_path)
    later = month.repositories.to_pylist()
    day = (TODAY + timedelta(days=30)).isoformat()
    for row in later:
        row["date_crawl"], row["total_downloads"] = day, (row["total_downloads"] or 0) + 500
    write(day, rows_of(later), [], [{"id": "Ali"}], {"sources": [], "by_hand": day})
    again, _ = month_of(tmp_path)
    rows = [r for r in again.repositories.to_pylist() if r["source"] == "ModelScope"]
    assert {r["downloads_last_month"] for r in rows} == {None}


@pytest.mark.parametrize(
    ("part", "fact"), [("model-4/discussions", "model_issue"), ("dataset:org-1", "data_dataset_usage")]
)
def test_a_sum_of_which_a_call_failed_is_unknown_and_no_smaller(platforms, tmp_path, snapshots, part, fact):
    platforms["HF_ENDPOINT"].break_on(part, bad.status(500))
    month, missing = month_of(tmp_path)
    assert len(missing) == 1
    found = evidence(rollup(month), "Meta", fact)
    assert (found.value, found.state) == (None, "unknown")
    assert "could not be read" in found.note
    assert facts(month)["Ali"][fact] is not None


def test_a_page_that_a_refresh_could_not_read_again_is_no_whole(platforms, tmp_path, snapshots):
    with ReplyStore(tmp_path / "run") as run:
        collected(run)
        run.end(whole=True)
    platforms["HF_ENDPOINT"].faults.append(
        (lambda r: r.path == "/api/models" and r.one("author") == "org-1" and r.one("cursor") == "2", bad.status(500))
    )
    month, missing = month_of(tmp_path)
    assert len(missing) == 1
    assert facts(month)["Meta"]["model_num_language"] is None


def test_a_month_of_some_takes_nothing_from_the_others(platforms, tmp_path, snapshots):
    month_of(tmp_path, pages=PAGES[1:3])
    found = facts(month_of(tmp_path / "again")[0])
    before = {row["id"]: row for row in load(within=archive.BUNDLED).facts.to_pylist()}
    assert found["BAAI"]["system_num_operators"] == before["BAAI"]["system_num_operators"] > 0


def test_labels_that_a_collection_found_do_not_outlive_a_mended_tag(platforms, tmp_path, snapshots):
    month_of(tmp_path)
    platforms["HF_ENDPOINT"].app.changes["org-1/model-1"] = {"pipeline_tag": "text-to-speech"}
    found = facts(month_of(tmp_path / "again")[0])["Meta"]
    assert (found["model_num_language"], found["model_num_speech"]) == (2, 1)


def test_what_a_forge_did_not_tell_is_unknown_and_not_of_another_day(platforms, tmp_path, snapshots):
    platforms["GITHUB_API_URL"].break_on("/contributors", bad.status(403, {"message": "too large"}))
    month, _ = month_of(tmp_path)
    found = evidence(rollup(month), "Meta", "system_authors")
    assert (found.value, "too large" in found.note) == (None, True)
    assert evidence(rollup(month), "Meta", "system_stars").as_of == month.taken


def test_opendatalab_that_answers_oddly_is_no_absence(platforms, tmp_path, snapshots):
    pages = [["ShanghaiAILab", "OpenDataLab", "a/b", "x"], ["ShanghaiAILab", "OpenDataLab", "a/c", "x"]]
    platforms["OPENDATALAB_ENDPOINT"].break_on("a,b", bad.status(200, {"code": 401, "msg": "login required"}))
    found = facts(month_of(tmp_path, pages=pages)[0])["ShanghaiAILab"]
    assert found["data_num_language"] is None
    pages[0][2] = "a/nothing"
    found = facts(month_of(tmp_path / "gone", pages=pages)[0])["ShanghaiAILab"]
    assert found["data_num_language"] == 1


def test_both_totals_stand_in_the_evidence_of_the_indicator(platforms, tmp_path, snapshots):
    month_of(tmp_path)
    then = (TODAY - timedelta(days=30)).isoformat()
    earlier = load().repositories.to_pylist()
    for row in earlier:
        row["date_crawl"], row["total_downloads"] = then, (row["total_downloads"] or 1000) - 60
    write(then, rows_of(earlier), [], [{"id": "Ali"}], {"sources": []})
    month, _ = month_of(tmp_path)
    note = evidence(rollup(month), "Ali", "model_downloads_language").note
    assert then in note
    assert month.taken in note


def test_nothing_known_of_a_dimension_leaves_the_mean_and_a_month_of_tables_can_be_explained(
    platforms, tmp_path, snapshots
):
    path = tmp_path / "table.csv"
    path.write_text("org,name,kind,source,modality,date\nMeta,x,model,OpenI,Speech,2026-01-01\n")
    month, _ = month_of(tmp_path, table=str(path))
    rolled = rollup(month)
    scored = influence(rolled.facts, "documented")
    newcomer = scored.position["Newcomer"]
    known = [d for d in scored.category_values[newcomer] if d == d]
    assert len(known) == 2  # neither system nor benchmark
    assert scored.total[newcomer] == pytest.approx(sum(known) / 2)
    lines = standings(scored, "Newcomer")
    assert sum(line.share for line in lines) == pytest.approx(1)
    assert sum(line.points or 0 for line in lines) == pytest.approx(100 * scored.total[newcomer])
    assert all(evidence(rolled, "Meta", line.factor.id) for line in standings(scored, "Meta"))


def test_building_again_gives_the_same(platforms, tmp_path, snapshots):
    one, _ = month_of(tmp_path)
    two, _ = month_of(tmp_path)
    assert one.manifest == two.manifest


def test_the_plan_counts_what_will_be_asked(platforms, tmp_path, snapshots, monkeypatch):
    asked = [[p.organisation, p.platform, p.handle, p.address] for p in pages(None)]
    todo = Organisations({"pages": asked, "with": list(STEPS), "table": "", "as_of": "2026-11-22", "batched": False})
    plan = todo.plan()
    assert plan.of == "32 organisations on 118 pages"
    assert plan.requests > 3000 + 1000  # a total for every model, a count of use for every data set
    assert {"pages of commits on GitHub", "searches for merged pull requests"} <= {step.what for step in plan.steps}
    assert "pages of merged pull requests on Gitee" in {step.what for step in plan.steps}
    less = Organisations({**todo.choice, "with": ["systems"]}).plan()
    assert 500 < sum(s.requests for s in plan.steps if "merged" in s.what or "commits" in s.what) < 2000
    assert not any("commits" in step.what for step in less.steps)
    assert not any(server.log for server in platforms.values())


def test_labels_of_earlier_months_come_first(platforms, tmp_path, snapshots):
    row = {"source": "HuggingFace", "kind": "model", "org": "Meta", "repo": "org-1", "name": "model-1"}
    rows = [row | {"modality": "Protein", "date_crawl": "2026-01-01"}]
    write("2026-01-01", rows_of(rows), [], [{"id": "Meta"}], {"sources": []})
    found = facts(month_of(tmp_path)[0])["Meta"]
    assert (found["model_num_protein"], found["model_num_language"]) == (1, 2)


def test_named_systems_keep_what_was_known_where_a_forge_fails(platforms, tmp_path, snapshots):
    platforms["GITHUB_API_URL"].break_on("/repos/pytorch", bad.status(500))
    month, missing = month_of(tmp_path)
    assert len(missing) == 2  # its page, and its commits
    found = evidence(rollup(month), "Meta", "system_stars")
    assert (found.value, found.as_of) == (92994, "2025-09-07")


def test_a_run_without_anything_is_refused(platforms, tmp_path, snapshots):
    platforms["BAAI_API_URL"].break_on("/", bad.EMPTY)
    with ReplyStore(tmp_path / "run") as run:
        todo = collected(run, pages=[["BAAI", "BAAI", "", ""]])
        with pytest.raises(archive.SnapshotError, match="holds no repository"):
            from_collection(todo.read(Replay(run, QUICK)))


def test_named_systems_are_brought_up_to_date():
    systems = [
        {"system": "X", "repository": "https://github.com/A/x", "stars": "5", "authors": "1", "as_of": "2025-01-01"},
        {"system": "Y", "repository": "https://gitee.com/b/y", "stars": "", "as_of": ""},
    ]
    counted = {"https://github.com/a/x": {"stars": 9, "contributors": 7, "forks": None, "as_of": "2026-11-22"}}
    first, second = brought_up_to_date(systems, counted, {"gitee.com": "No."})
    assert (first["stars"], first["authors"], first["as_of"]) == (9, 7, "2026-11-22")
    assert first["commits"] == ""  # of another day, so unknown
    assert second == systems[1] | {"note": "not read again: No."}
