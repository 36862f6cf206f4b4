"""The Hub: what is asked, what comes of it, and that nothing is made up."""

from datetime import date
from typing import Any, get_args

import pytest
from huggingface_hub.hf_api import ExpandModelProperty_T

from data.collect.replies import ReplyStore
from data.models.facts import facts
from data.platforms.hub import ask as hub
from data.platforms.hub import ids as hub_id
from scoring.scorecards import MODEL
from tests.platforms import server as bad
from tests.platforms.ask import collect
from tests.platforms.faults import FAULTS


def test_every_factor_of_the_scorecard_is_known(world, tmp_path):
    with world() as server:
        found, missing = collect(tmp_path)
    assert not missing
    assert len(found) == 8
    for n in range(8):
        row = facts(found[server.app.id(n)], date.today())
        assert {fact for fact in MODEL.reads if row[fact] is None} <= {"downloads_not_counted"}
        assert (row["downloads_30d"], row["likes"]) == (1000 * (8 - n), n)
        assert row["discussions"] == 8 * n + 3
        assert row["pull_requests"] == sum(i % 2 == 0 for i in range(1, 8 * n + 4))
        assert row["hub_scan"] == ("unsafe" if n % 4 == 3 else "safe")
        assert row["provider"] == (2 if n % 3 == 0 else 0)
        assert (row["spaces"], row["spaces_at_least"]) == (123 if n % 5 == 0 else n % 7, False)
        assert row["gated"] is (n % 3 != 2)


def test_ids_are_asked_one_by_one_and_give_the_same_records(world, tmp_path):
    with world() as server:
        ids = [server.app.id(n) for n in range(8)]
        listed, _ = collect(tmp_path / "a")
        single, missing = collect(tmp_path / "b", ids=ids)
    assert not missing
    assert {i: {k: v for k, v in r.items() if k != "_provenance"} for i, r in listed.items()} == {
        i: {k: v for k, v in r.items() if k != "_provenance"} for i, r in single.items()
    }


def test_nothing_is_asked_that_counts_as_a_download_or_that_is_no_option(world, tmp_path):
    with world() as server:
        collect(tmp_path, **{"with": list(hub_id.STEPS)})
    assert set(hub.EXPAND) <= set(get_args(ExpandModelProperty_T))
    assert all("config" not in r.path and "agent-harnesses" not in r.path for r in server.log)
    assert {r.method for r in server.log} == {"GET"}


def test_without_scan_endpoint_the_model_page_says_it(world, tmp_path):
    with world() as server:
        server.break_on("/scan", bad.status(404))
        found, missing = collect(tmp_path)
    assert not missing
    assert found["org-0/model-3"]["securityRepoStatus"]["filesWithIssues"][0]["level"] == "unsafe"


def test_a_readme_that_the_file_list_lacks_is_absent_without_a_call(world, tmp_path):
    plain = {"siblings": [{"rfilename": "model.gguf"}]}
    with world(changes={"org-1/model-1": plain}) as server:
        found, _ = collect(tmp_path)
    assert not server.asked("org-1/model-1/resolve")
    assert facts(found["org-1/model-1"], date.today())["example_code"] is False


def test_a_repository_that_only_a_paper_names_is_found_and_a_paper_that_fails_is_no_absence(world, tmp_path):
    with world(models=3) as server:
        for n in range(3):
            server.break_on(f"model-{n}/resolve", bad.body(b"# A model\n\nNo link.\n", Content_Type="text/plain"))
        server.break_on("/api/papers/2401.00000", bad.status(404, X_Error_Code="EntryNotFound"))
        server.break_on("/api/papers/2401.00001", bad.status(500))
        found, missing = collect(tmp_path)
    rows = [facts(found[server.app.id(n)], date.today()) for n in range(3)]
    assert [row["github_repo"] for row in rows] == [False, None, True]
    assert [failure.name for failure in missing] == ["papers/2401.00001"]
    assert "500" in rows[1]["notes"]["github_repo"]


def test_a_card_that_links_its_code_needs_no_paper(world, tmp_path):
    with world() as server:
        collect(tmp_path)
    assert not server.asked("/api/papers")


@pytest.mark.parametrize("spaces", [[None, None, 5, {}], ["a/b"] * 99 + [None]])
def test_spaces_that_are_none_are_counted_anew(world, tmp_path, spaces):
    with world(changes={"org-1/model-1": {"spaces": spaces}}):
        found, missing = collect(tmp_path)
    assert not missing
    assert facts(found["org-1/model-1"], date.today())["spaces"] == 123


HANGS_ON = {"/scan": "hub_scan", "/discussions": "discussions", "/overview": "provider", "/api/papers": "github_repo"}


@pytest.mark.parametrize("part", HANGS_ON)
@pytest.mark.parametrize("answer", [(204, b""), (200, b"null"), (200, {}), (200, {"error": "x"}), (200, [])])
def test_an_answer_of_the_wrong_shape_is_none_and_is_asked_again(world, tmp_path, part, answer):
    def told(found):
        return {facts(one, date.today())[HANGS_ON[part]] for one in found.values()}

    with world(models=3) as server:
        server.break_on("/resolve/", bad.body(b"# No link\n", Content_Type="text/plain"))
        for path in (part, "true") if part == "/scan" else (part,):
            server.break_on(path, bad.status(*answer))
        found, missing = collect(tmp_path)
        assert told(found) == {None}
        assert {m.kind for m in missing} == {"damaged"}
        server.faults = server.faults[:1]
        found, missing = collect(tmp_path)
    assert not missing
    assert None not in told(found)


@pytest.mark.parametrize("answer", [(204, b""), (200, {"error": "x"})])
def test_a_readme_that_is_no_text_says_nothing_of_the_card(world, tmp_path, answer):
    with world(models=3) as server:
        server.break_on("/resolve/", bad.status(*answer))
        found, missing = collect(tmp_path)
    assert {facts(one, date.today())["example_code"] for one in found.values()} == {None}
    assert {m.kind for m in missing} == {"damaged"}


def test_what_is_not_there_is_not_asked_for_again_and_again(world, tmp_path):
    plain = {"siblings": [], "tags": ["arxiv:2401.00001"]}
    with world(changes={"someone/model-0": plain}, guests=1) as server:
        server.break_on("/resolve/", bad.status(404, X_Error_Code="EntryNotFound"))
        server.break_on("/scan", bad.status(404))
        server.break_on("/api/papers", bad.status(404))
        ids = ["someone/model-0"]
        first, missing = collect(tmp_path, ids=ids)
        assert not missing
        with ReplyStore(tmp_path) as run:
            run.end(whole=True)
        asked = len(server.log)
        for part in ("/resolve/", "/scan", "/api/papers", "/overview"):
            server.faults.insert(0, (lambda r, part=part: part in r.path, bad.status(500)))
        second, missing = collect(tmp_path, ids=ids)
    assert [r.path for r in server.log[asked:]] == ["/api/models/someone/model-0"]
    assert not missing
    rows = [facts(found["someone/model-0"], date.today()) for found in (first, second)]
    assert rows[0] == rows[1]
    assert (rows[0]["provider"], rows[0]["example_code"], rows[0]["github_repo"]) == (0, False, False)


def test_papers_that_were_not_asked_leave_it_open_whether_one_names_code(world, tmp_path):
    with world(models=3) as server:
        server.break_on("/resolve/", bad.body(b"# No link\n", Content_Type="text/plain"))
        found, missing = collect(tmp_path, **{"with": ["readme"]})
    assert not missing
    row = facts(found["org-1/model-1"], date.today())
    assert row["github_repo"] is None
    assert row["notes"]["github_repo"] == "Its papers were not asked."


@pytest.mark.parametrize("repo", ["not a link", "https://gitlab.com/a/b", 5])
def test_a_paper_that_names_no_repository_on_github_names_none(world, tmp_path, repo):
    with world(models=3) as server:
        server.break_on("/resolve/", bad.body(b"# No link\n", Content_Type="text/plain"))
        server.break_on("/api/papers", bad.status(200, {"id": "x", "githubRepo": repo}))
        found, _ = collect(tmp_path)
    assert facts(found["org-1/model-1"], date.today())["github_repo"] is False


SPARSE: dict[str, tuple[dict[str, Any], ...]] = {
    "/overview": ({"name": "x"}, {"type": "org", "numSpaces": 3}, {"isPro": False, "orgs": []}, {"isVerified": False}),
    "/scan": ({"scansDone": False}, {"scansDone": True, "filesWithIssues": []}, {"filesWithIssues": []}),
    "/discussions": ({"discussions": [], "count": 0, "start": 0}, {"count": 0}),
    "/api/papers": ({"upvotes": 3, "githubRepo": None}, {"id": "x"}),
}


@pytest.mark.parametrize(("part", "n"), [(part, n) for part, answers in SPARSE.items() for n in range(len(answers))])
def test_a_sparse_answer_is_an_answer(world, tmp_path, part, n):
    with world(models=3) as server:
        server.break_on("/resolve/", bad.body(b"# No link\n", Content_Type="text/plain"))
        server.break_on(part, bad.status(200, SPARSE[part][n]))
        _, missing = collect(tmp_path)
    assert not missing


def test_a_refresh_that_fails_keeps_what_was_collected_before_with_its_day(world, tmp_path):
    with world() as server:
        before, _ = collect(tmp_path, ids=["org-0/model-0", "org-1/model-1"])
        with ReplyStore(tmp_path) as run:
            run.end(whole=True)
        server.break_on("/api/models/org-1/model-1", bad.status(500))
        after, missing = collect(tmp_path, ids=["org-0/model-0", "org-1/model-1"])
    assert set(after) == set(before)
    assert "models/org-1/model-1" in {m.name for m in missing}


# A part of the Hub -> facts that hang on it alone
def odd(name):
    """Whether a fault is a good reply of an odd shape: text for a README, and no failure of a call."""
    return "shape" in name or "due" in name or name == "null"


PARTS = {
    "/discussions": ("discussions", "pull_requests"),
    "/scan": ("hub_scan",),
    "/resolve/": ("example_code",),
    "/overview": (),
    "/api/spaces": (),
}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", FAULTS)
def test_a_part_that_fails_is_unknown_and_the_rest_is_there(world, tmp_path, part, name):
    with world(models=3) as server:
        server.break_on(part, FAULTS[name])
        if part == "/scan":
            server.break_on("securityStatus", FAULTS[name])
            server.break_on("true", FAULTS[name])
        found, missing = collect(tmp_path)
    assert len(found) == 3
    for one in found.values():
        row = facts(one, date.today())
        assert row["downloads_30d"]
        if not (part == "/resolve/" and (odd(name) or name == "JSON cut short")):
            assert {fact: row[fact] for fact in PARTS[part]} == dict.fromkeys(PARTS[part])
        if part == "/overview" and one["id"] != "org-0/model-0":
            assert row["provider"] in (None, 0)
        if part == "/api/spaces" and one["id"] == "org-0/model-0":
            assert (row["spaces"], row["spaces_at_least"]) == (100, True)
        assert all(not (row[fact] == 0 and fact in ("discussions", "pull_requests")) for fact in PARTS[part])
    assert missing or odd(name) or (part == "/resolve/" and name == "JSON cut short")


@pytest.mark.parametrize("name", [name for name in FAULTS if name != "a list where an object is due"])
def test_a_listing_that_fails_says_so_and_what_came_before_stays(world, tmp_path, name):
    with world() as server:
        server.faults.append((lambda r: r.path == "/api/models" and r.one("cursor") == "3", FAULTS[name]))
        found, missing = collect(tmp_path, **{"with": []})
    assert len(found) == 3
    assert missing, name
