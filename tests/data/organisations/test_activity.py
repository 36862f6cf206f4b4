"""The listed repositories of code: which they are, what asking for them takes, and what no forge tells."""

from datetime import date

from data.collect.collector import Replay
from data.collect.replies import ReplyStore
from data.organisations import activity
from data.organisations.activity import Code
from data.organisations.month import load

DAY = date(2026, 11, 28)


def test_all_that_is_listed_lies_on_a_forge_that_lists_commits():
    codes = activity.listed(load().ids)
    assert {code.organisation for code in activity.listed(["Meta"])} == {"Meta"}
    assert len(codes) > 60
    assert all(code.forge for code in codes)


def test_the_plan_takes_a_call_for_a_hundred_commits():
    github = [Code("A", "model", f"https://github.com/a/{n}", n) for n in (0, 100, 101)]
    steps = {step.what: step for step in activity.plan([*github, Code("B", "system", "https://gitee.com/b/c", 250)])}
    assert {what: step.requests for what, step in steps.items()} == {
        "pages of commits on GitHub": 1 + 1 + 2,
        "searches for merged pull requests": 3,
        "pages of commits on Gitee": 3,
        "pages of merged pull requests on Gitee": 3,
    }
    assert steps["searches for merged pull requests"].bucket == "search"
    assert not list(activity.plan([]))


def test_a_host_that_lists_no_commits_is_unknown_and_never_asked(tmp_path):
    code = Code("A", "model", "https://openi.pcl.ac.cn/a/b", 5)
    with ReplyStore(tmp_path / "run") as run:
        run.begin({"source": "organisations"})
        row = activity.row(Replay(run), code, DAY)
    assert (row["commits_last_year"], row["merged_last_year"], row["as_of"]) == ("", "", "2026-11-28")
    assert row["note"] == "openi.pcl.ac.cn does not list commits between two days"
    assert not list(activity.plan([code]))
