"""The Hub: what is asked, what comes of it, and that nothing is made up."""

from datetime import date
from typing import Any, get_args

import pytest
from huggingface_hub.hf_api import ExpandModelProperty_T

from data.collect.collector import Collector, Replay, summary
from data.collect.replies import ReplyStore
from data.http.client import Client, Limits
from data.jobs import job
from data.models.facts import facts
from data.models.provenance import origins
from data.platforms.hub import ask as hub
from data.platforms.hub import ids as hub_id
from data.platforms.hub.record import record
from scoring.scorecards import MODEL
from tests.platforms import server as bad
from tests.platforms.ask import NOTHING
from tests.platforms.faults import FAULTS
from tests.platforms.hub import Hub
from tests.platforms.server import Server

QUICK = Limits(deadline=0.5, max_wait=1.5, backoff=0.01, max_body=3_000_000, max_pages=8, jobs=4)
CHOICE = NOTHING | {"source": "huggingface", "with": list(hub_id.NEEDED)}


@pytest.fixture
def world(monkeypatch, tmp_path):
    """A Hub of eight models, and what to collect them with."""

    def make(**changes):
        server = Server(Hub(**({"models": 8, "owners": 3, "page": 3} | changes)))
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        return server

    monkeypatch.delenv("HF_TOKEN", raising=False)
    return make


def collect(folder, limits=QUICK, **choice):
    """Collect into a folder; the records, and what is missing."""
    todo = job(CHOICE | choice)
    with ReplyStore(folder) as run:
        run.begin(todo.choice)
        todo.collect(Collector(run, Client(limits)), lambda _: None)
        return {row["id"]: row for row in todo.rows(Replay(run, limits))}, list(run.failures())


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


def test_history_counts_recent_and_merged_threads(world, tmp_path):
    with world() as server:
        found, missing = collect(tmp_path, **{"with": ["discussions", "history"]})
    assert not missing
    for n in range(8):
        one = found[server.app.id(n)]
        threads = range(1, 8 * n + 4)
        assert one["community_90d"] == len(threads)
        assert one["pull_requests_merged"] == sum(i % 2 == 0 and i % 3 == 1 for i in threads)


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


ABSURD: dict[str, tuple[dict[str, Any], str]] = {
    "files without a name": (
        {"siblings": [None, 7, {"rfilename": None}, {"path": "pytorch_model.bin"}]},
        "unsafe_files",
    ),
    "a file whose name is too long": ({"siblings": [{"rfilename": "x/" * 200 + "pytorch_model.bin"}]}, "unsafe_files"),
    "tags that are none": ({"tags": [None, {}, 5]}, "license_stated"),
    "downloads below zero": ({"downloads": -5}, "downloads_30d"),
    "likes that are a mapping": ({"likes": {"a": 1}}, "likes"),
    "a gate of no kind": ({"gated": "yes"}, "gated"),
    "a date of no calendar": ({"createdAt": "once"}, "age_days"),
    "a date before the Hub": ({"createdAt": "0001-01-01T00:00:00.000Z"}, "age_days"),
    "a list of files that is none": ({"siblings": "README.md"}, "unsafe_files"),
}


@pytest.mark.parametrize("name", ABSURD)
def test_absurd_values_are_unknown_and_never_perfect(world, tmp_path, name):
    change, fact = ABSURD[name]
    (value,) = change.values()
    with world(changes={"org-1/model-1": {"cardData": {}, "safetensors": None, **change}}) as server:
        server.break_on("model-1/resolve", bad.status(403))
        found, missing = collect(tmp_path)
    row = facts(found["org-1/model-1"], date.today())
    assert row[fact] is None
    assert isinstance(value, list) or row["notes"][fact].endswith(".")
    assert {failure.name for failure in missing} <= {"values/org-1/model-1", "readme/org-1/model-1"}
    assert facts(found["org-2/model-2"], date.today())[fact] is not None


def test_files_named_by_texts_alone_are_files(world, tmp_path):
    with world(changes={"org-1/model-1": {"siblings": ["README.md", "pytorch_model.bin"]}}):
        found, _ = collect(tmp_path)
    row = facts(found["org-1/model-1"], date.today())
    assert (row["unsafe_files"], row["example_code"]) == (1, True)


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


@pytest.mark.parametrize(
    ("key", "fact"),
    [("downloads", "downloads_30d"), ("likes", "likes"), ("siblings", "unsafe_files"), ("spaces", "spaces"),
     ("gated", "gated"), ("createdAt", "created")],
)  # fmt: skip
def test_a_key_that_holds_nothing_is_unknown_with_its_reason(world, tmp_path, key, fact):
    with world(changes={"someone/model-0": {key: None}}, guests=1):
        found, missing = collect(tmp_path, ids=["someone/model-0"])
    assert [m.reason for m in missing] == [f"The Hub sent what cannot be read ({key} of someone/model-0)."]
    row = facts(found["someone/model-0"], date.today())
    assert row[fact] is None
    assert "cannot be read" in row["notes"][fact]


@pytest.mark.parametrize("verified", ["yes", 1, []])
def test_a_verification_that_is_neither_yes_nor_no_is_none(world, tmp_path, verified):
    with world(models=3) as server:
        server.break_on("/overview", bad.status(200, {"name": "x", "isVerified": verified}))
        found, missing = collect(tmp_path)
    assert {facts(one, date.today())["provider"] for one in found.values()} == {None}
    assert missing


@pytest.mark.parametrize("answer", [(204, b""), (200, {"error": "x"})])
def test_a_readme_that_is_no_text_says_nothing_of_the_card(world, tmp_path, answer):
    with world(models=3) as server:
        server.break_on("/resolve/", bad.status(*answer))
        found, missing = collect(tmp_path)
    assert {facts(one, date.today())["example_code"] for one in found.values()} == {None}
    assert {m.kind for m in missing} == {"damaged"}


def test_empty_pages_are_no_end_and_many_of_them_are(world, tmp_path):
    with world() as server:
        server.break_on("3", lambda handler, request, app: handler.give(bad.Answer([], headers=app(request).headers)))
        found, missing = collect(tmp_path)
        assert (len(found), missing) == (5, [])

        def endless(handler, request, app):
            handler.give(bad.Answer([], headers={"Link": f'<{server.url}/api/models?cursor=x>; rel="next"'}))

        server.faults.clear()
        server.break_on("3", endless)
        server.break_on("x", endless)
        found, missing = collect(tmp_path / "endless")
    assert [m.kind for m in missing] == ["pages"]
    assert "empty pages" in missing[0].reason


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


@pytest.mark.parametrize("issues", [["a.bin"], [{"level": None}], [{"path": "x"}], "x"])
def test_a_verdict_that_cannot_be_read_is_none(world, tmp_path, issues):
    with world(models=3) as server:
        for path in ("/scan", "true"):
            server.break_on(path, bad.status(200, {"scansDone": True, "filesWithIssues": issues}))
        found, missing = collect(tmp_path)
    assert {facts(one, date.today())["hub_scan"] for one in found.values()} == {None}
    assert len(missing) == 3


def test_the_exact_count_of_spaces_bears_its_own_day(world, tmp_path):
    with world(models=6):
        found, _ = collect(tmp_path)
    one = found["org-2/model-5"] | {
        "_provenance": found["org-2/model-5"]["_provenance"] | {"spaces_total": ["H", "2026-01-02"]}
    }
    assert origins(one, facts(one, date.today()), date.today())["spaces"] == ("H", "2026-01-02")


def test_a_refresh_that_fails_keeps_what_was_collected_before_with_its_day(world, tmp_path):
    with world() as server:
        before, _ = collect(tmp_path, ids=["org-0/model-0", "org-1/model-1"])
        with ReplyStore(tmp_path) as run:
            run.end(whole=True)
        server.break_on("/api/models/org-1/model-1", bad.status(500))
        after, missing = collect(tmp_path, ids=["org-0/model-0", "org-1/model-1"])
    assert set(after) == set(before)
    assert "models/org-1/model-1" in {m.name for m in missing}


def test_results_in_a_later_entry_of_a_model_index_count(world, tmp_path):
    index = [{"name": "a"}, {"name": "b"}, {"name": "c"}, {"name": "d", "results": [{"metrics": [{"type": "f1"}]}]}]
    change: dict[str, Any] = {"evalResults": None, "cardData": {}, "model-index": index}
    with world(changes={"org-1/model-1": change}):
        found, _ = collect(tmp_path, **{"with": []})
    assert facts(found["org-1/model-1"], date.today())["evaluation_results"] is True


def odd(name):
    """Whether a fault is a good reply of an odd shape: text for a README, and no failure of a call."""
    return "shape" in name or "due" in name or name == "null"


# A part of the Hub -> facts that hang on it alone
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


def test_pages_without_end_end(world, tmp_path):
    with world(models=10**6, page=2) as server:
        found, missing = collect(tmp_path, **{"with": []})
    assert len(found) == 16
    assert [m.kind for m in missing] == ["pages"]
    assert len(server.log) == 8


def test_a_repeated_page_ends_the_listing(world, tmp_path):
    with world() as server:

        def again(handler, request, app):
            answer = app.listing(request.__class__(request.method, request.path, {}, request.headers, b""), "models")
            handler.give(answer.__class__(answer.body, 200, app.link(request, 7)))

        server.faults.append((lambda r: r.one("cursor") == "6", again))
        found, missing = collect(tmp_path, **{"with": []})
    assert len(found) >= 6
    assert [m.kind for m in missing] == ["pages"]


def test_a_link_to_another_host_is_not_followed(world, tmp_path):
    with Server(Hub()) as other, world() as server:

        def away(handler, request, app):
            answer = app.listing(request, "models")
            handler.give(answer.__class__(answer.body, 200, {"Link": f'<{other.url}/api/models?cursor=3>; rel="next"'}))

        server.faults.append((lambda r: r.path == "/api/models", away))
        found, missing = collect(tmp_path, **{"with": []})
        assert not other.log
    assert len(found) == 3
    assert [m.kind for m in missing] == ["redirect"]


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("openai/gpt-oss-20b", "openai/gpt-oss-20b"),
        (" gpt2 ", "gpt2"),
        ("https://huggingface.co/openai/gpt-oss-20b", "openai/gpt-oss-20b"),
        ("https://huggingface.co/openai/gpt-oss-20b/tree/main?x=1#y", "openai/gpt-oss-20b"),
        ("hf.co/openai/gpt-oss-20b", "openai/gpt-oss-20b"),
        ("https://huggingface.co/datasets/openai/x", None),
        ("https://evil.example/openai/gpt", None),
        ("http://127.0.0.1/openai/gpt", None),
        ("file:///etc/passwd", None),
        ("a/b/c", None),
        ("../../etc/passwd", None),
        ("org/na..me", None),
        ("org/na--me", None),
        ("org/na\nme", None),
        ("org/na\x00me", None),
        ("org/ünï", None),
        ("org/" + "x" * 97, None),
        ("org/name?token=1", None),
        ("org/name@evil", None),
        ("", None),
        ("/", None),
        ("https://[", None),
        ("x" * 100_000, None),
    ],
)
def test_ids_and_links_are_checked_by_pattern(text, model):
    assert hub_id.model_id(text) == model


@pytest.mark.parametrize("junk", [None, 5, "x", [], {}, [[]], {"id": 1}, float("nan"), "\ud800", -(10**30), [None] * 3])
def test_a_record_is_made_of_whatever_comes(junk):
    keys = (*hub.EXPAND, "id", "modelId")
    for key in keys:
        made = record(hub.Raw({"id": "org/name", key: junk}, "2026-11-22T00:00:00+00:00", {}))
        facts(made, date.today())
    record(hub.Raw(dict.fromkeys(keys, junk), "2026-11-22T00:00:00+00:00", {}))


def test_summary_has_a_line_for_each_kind_of_failure(world, tmp_path):
    with world() as server:
        server.break_on("/discussions", bad.status(403))
        server.break_on("/scan", bad.status(500))
        todo = job(CHOICE)
        with ReplyStore(tmp_path) as run:
            run.begin(todo.choice)
            todo.collect(Collector(run, Client(QUICK)), lambda _: None)
            lines = summary(run)
    assert len(lines) == 2
    assert any(line.startswith("8 missing (no access)") for line in lines)
