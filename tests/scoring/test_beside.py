"""One more model beside a snapshot's: it moves nobody, and is ranked among them, in all and in its group."""

from scoring.beside import beside, group
from scoring.reasons.verdict import Place, place
from scoring.view import ModelView


def test_facts_are_placed_alone_or_beside_the_snapshots_own(bundled):
    facts, whole = bundled.facts.iloc[[3]].assign(id="someone/new"), ModelView().score(bundled)
    alone, both = ModelView().place(bundled, facts), beside(ModelView(), bundled, whole, facts, [3, 7])
    assert alone.ids.tolist() == ["someone/new"]
    assert alone.total[0] == both.total[0] == whole.total[3]
    assert both.total[1:].tolist() == whole.total[[3, 7]].tolist()
    assert len(both.field) == len(whole.field) + 1
    assert both.rank[0] == both.rank[1] == whole.rank[3]
    again = beside(ModelView(), bundled, whole, bundled.facts.iloc[[3]], instead=3)
    assert (len(again.field), again.rank[0]) == (len(whole.field), whole.rank[3])


def test_it_ranks_in_its_group_instead_of_what_the_snapshot_has_of_it(bundled):
    whole, groups = ModelView().score(bundled), bundled.facts["task_group"]
    at = int((whole.ranked & (groups == "speech").fillna(False).to_numpy()).argmax())
    better = bundled.facts.iloc[[at]].assign(likes=10**6)
    found = beside(ModelView(), bundled, whole, better, instead=at)
    own = group("speech", groups, whole, found, at)
    inside = int((whole.ranked & (groups == "speech").fillna(False).to_numpy()).sum())
    beside_it = group("speech", groups, whole, found)
    assert own is not None
    assert beside_it is not None
    assert (ranked(own.place).of, ranked(beside_it.place).of) == (inside, inside + 1)
    assert ranked(place(found, 0)).of == int(whole.ranked.sum())
    assert ranked(place(found, 0)).rank <= whole.rank[at]
    assert group(None, groups, whole, found) is None


def ranked(one: Place | None) -> Place:
    assert one is not None
    return one
