"""What moved between two snapshots, on small tables made by hand and counted by hand."""

from scoring.engine import score
from scoring.reasons.moves import Changed, moves
from scoring.scorecards import MODEL
from tests.records import frame

DAYS = ("2026-01-01", "2026-02-01")
KNOWN = {"downloads_30d": 1000, "likes": 10, "github_repo": True, "authorization": "none", "license_stated": True}


def ranked(**models):
    """Score models by name; None of a fact is unknown."""
    rows = [{"id": name, **KNOWN, **changes} for name, changes in models.items()]
    return score(MODEL, frame(rows))


def test_who_is_new_gone_or_moved_and_why():
    before = ranked(stays={}, rises={}, falls={}, goes={})
    now = ranked(stays={}, rises={"likes": 1000, "downloads_30d": 10**6}, falls={"github_repo": False}, comes={})
    found = moves(now, before, DAYS)
    assert (found.new, found.gone, found.both) == (("comes",), ("goes",), 3)
    up, down = found.moved
    assert (up.id, up.because) == ("rises", ("Downloads ▲", "Likes ▲"))
    assert (down.id, down.because) == ("falls", ("GitHub repository ▼",))
    assert up.total_now - up.total_before > down.total_before - down.total_now > 0
    assert up.total_now == now.total[now.position["rises"]]


def test_what_became_known_or_unknown_is_called_that():
    found = moves(ranked(a={"likes": None}, b={}), ranked(a={}, b={"likes": None}), DAYS)
    assert {move.id: move.because for move in found.moved} == {
        "a": ("Likes no longer known",),
        "b": ("Likes now known",),
    }


def test_the_summary_names_the_ten_largest_moves_and_twenty_who_came():
    before = ranked(**{f"m{n}": {} for n in range(12)})
    now = ranked(**{f"m{n}": {"likes": 10 ** (n + 2)} for n in range(12)}, **{f"new|{n:02}": {} for n in range(25)})
    text = moves(now, before, DAYS).markdown("model")
    assert text.startswith("# Models from 1 January 2026 to 1 February 2026\n\n25 new, 0 gone, 12 in both, 12 moved.\n")
    assert "## Gone" not in text
    assert text.count("- `new") == 20
    assert "- and 5 more\n" in text
    assert text.count("\n| `m") == 10
    assert "new|" not in text
    (line,) = [line for line in text.splitlines() if line.startswith("| `m4`")]
    change = now.total[now.position["m4"]].round(1) - before.total[before.position["m4"]].round(1)
    assert f"| {change:+.1f} |" in line
    assert line.endswith("| Likes ▲ |")


def test_two_equal_snapshots_have_no_moves():
    text = moves(ranked(a={}, b={}), ranked(a={}, b={}), DAYS).markdown("model")
    assert text == "# Models from 1 January 2026 to 1 February 2026\n\n0 new, 0 gone, 2 in both, 0 moved.\n"
    nobody = moves(ranked(a={}), ranked(b={}), DAYS)
    assert (nobody.both, nobody.moved) == (0, ())


def test_a_category_rises_and_falls_by_its_own_score():
    before = ranked(a={}, b={}, c={}, d={"likes": None})
    now = ranked(a={"likes": 1000}, b={"likes": 0, "authorization": "manual"}, c={}, e={"likes": 5000})
    found = {one.category: (one.risen, one.fallen) for one in moves(now, before, DAYS).categories}
    assert found == {"Popularity": (1, 1), "Activity": (0, 0), "Operational": (0, 1), "Security": (0, 0)}
    text = moves(now, before, DAYS).markdown("model")
    assert "## Categories\n\n| Score | Risen | Fallen |\n| --- | --- | --- |\n| Popularity | 1 | 1 |\n" in text


def test_facts_that_changed_are_listed_with_the_most_changed_first():
    def changed(fact, number):
        return Changed(fact=fact, words=fact, changed=number, risen=number, fallen=0, now_known=0, no_longer_known=0)

    facts = [changed("likes", 2000), changed("task", 0), changed("downloads", 5000)]
    found = moves(ranked(a={}), ranked(a={}), DAYS, facts=facts)
    assert [one.fact for one in found.facts] == ["downloads", "likes"]
    assert found.markdown("model").endswith(
        "| downloads | 5,000 | 5,000 | 0 | 0 | 0 |\n| likes | 2,000 | 2,000 | 0 | 0 | 0 |\n"
    )
