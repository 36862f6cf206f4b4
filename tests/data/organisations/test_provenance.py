"""What the Sources page says is what the rows say, and nobody who has given nothing is passed over."""

import pytest

from data.organisations import provenance
from data.organisations.month import load
from data.organisations.provenance import evidence
from data.organisations.rollup import RECIPES, rollup
from scoring.scorecards import FURTHER, ORGANISATION

SEED_PLATFORMS = ("GitHub", "Hugging Face", "ModelScope", "OpenI", "OpenDataLab", "BAAI", "Google", "Meta", "Gitee")
SEED_SYSTEMS = ("DIOPI", "BladeDISC", "PyTorch", "Paddle", "MindSpore", "TensorFlow")


@pytest.fixture(scope="module")
def month():
    return rollup(load()).month


def test_every_platform_and_system_of_the_seed_has_a_row(month):
    names = [o.name for o in provenance.platforms(month)]
    assert all(any(name.startswith(wanted) for name in names) for wanted in SEED_PLATFORMS)
    names = [o.name for o in provenance.systems(month)]
    assert all(any(name.startswith(wanted) for name in names) for wanted in SEED_SYSTEMS)


def test_every_row_is_counted_once(month):
    listed = month.repositories.num_rows + month.listed.num_rows
    assert sum(o.rows for o in provenance.platforms(month) if o.kind != "kept by hand") == listed


def test_who_has_given_nothing_says_so(month):
    origins = {o.name: o for o in (*provenance.platforms(month), *provenance.systems(month))}
    for name in ("OpenI", "Gitee", "MindSpore"):
        assert (origins[name].rows, origins[name].gives, origins[name].feeds) == (0, provenance.NOTHING, ())
    table = provenance.table(origins.values()).set_index("Where")
    assert table.loc["OpenI", "Newest"] == provenance.NOTHING
    assert table.loc["Meta website", "Newest"] == "no date known"
    assert origins["GitHub"].gives == "83 data sets listed by hand, 5 named systems"
    assert (origins["Gitee"].empty, origins["GitHub"].empty) == (True, False)


def test_every_indicator_is_fed_by_somebody(month):
    assert {i for o in provenance.platforms(month) for i in o.feeds} == {f.id for f in ORGANISATION.factors}


@pytest.mark.parametrize("fact", FURTHER)
def test_every_number_of_a_table_or_a_name_says_where_it_is_from(month, fact):
    rolled = rollup(month)
    for organisation in month.ids:
        found = evidence(rolled, organisation, fact)
        assert found.note if found.state == "unknown" else found.source, organisation
        assert found.url.startswith("https://") or found.state == "unknown", organisation


def test_a_system_is_known_from_its_day_on():
    early = {o.name: o for o in provenance.systems(load("2024-12-13"))}
    assert early["PyTorch"].feeds == ()
    assert "after this month" in early["PyTorch"].gives
    assert early["DIOPI"].feeds == ("system_authors",)


def test_the_rows_behind_an_organisation_and_behind_a_fact(month):
    rolled = rollup(month)
    everything = provenance.behind(rolled, "Meta")
    mine = [row for row in month.repositories.to_pylist() if row["org"] == "Meta"]
    assert len(everything) == len(mine) + sum(org == "Meta" for org in month.listed["org"].to_pylist())
    assert everything["Downloads"].dropna().is_monotonic_decreasing
    assert (everything["Likes"].dropna() >= 0).all()
    assert everything["Link"].dropna().str.startswith("https://").all()
    for fact in RECIPES:
        assert len(provenance.behind(rolled, "Meta", fact)) == sum(map(len, rolled.behind("Meta", fact)))
    assert len(provenance.behind(rolled, "Moonshot", "data_num_speech")) == 0


@pytest.mark.parametrize(
    ("address", "model"),
    [
        ("https://huggingface.co/BAAI/bge-m3", "baai/bge-m3"),
        ("https://huggingface.co/datasets/BAAI/x", ""),
        ("https://modelscope.cn/models/BAAI/x", ""),
        (None, ""),
    ],
)
def test_the_id_of_a_model_at_an_address(address, model):
    assert provenance.model_id(address) == model


def test_evidence_says_where_and_when(month):
    rolled = rollup(month)
    counted = evidence(rolled, "Ali", "model_likes")
    assert (counted.source, counted.state) == ("Hugging Face, ModelScope", "known")
    assert counted.as_of >= "2025-09-07"
    assert counted.note.endswith("rows")
    assert evidence(rolled, "Google", "data_num_speech").source == "Hugging Face, other sites"
    assert evidence(rolled, "BAAI", "data_operators").as_of == ""  # no date is known, and none is made up
    assert evidence(rolled, "BAAI", "system_num_operators").as_of == "2025-09-07"
    named = evidence(rolled, "ShanghaiAILab", "system_authors")
    assert (named.value, named.as_of, named.note) == (87, "2024-11-22", "DIOPI (22 November 2024)")
    unread = evidence(rolled, "ShanghaiAILab", "system_contributors")
    assert (unread.state, unread.note) == (
        "unknown",
        "not counted in DeepLink-org/DIOPI (its history was last read on 2024-12-19); "
        "“weighbridge collect organisations” asks its forge",
    )
    read = evidence(rolled, "BAAI", "system_contributors")
    assert (read.value, read.as_of, read.source) == (115, "2025-09-07", "git history")
    assert "FlagOpen/FlagGems (67 authors, 488 commits)" in read.note
    reviewed = evidence(rolled, "BAAI", "model_open_source_code")
    assert (reviewed.as_of, "CC BY 4.0" in reviewed.note) == ("2026-06-12", True)
    assert "found by several industries: industry*" in evidence(rolled, "BAAI", "data_num_industry").note
    assert "85 of 127 models have a known size" in evidence(rolled, "BAAI", "model_scale").note
    assert evidence(rolled, "Meta", "system_stars").note == "PyTorch (7 September 2025)"
    assert evidence(rolled, "Meta", "system_stars").url.endswith("github-ranking-2025-09-07.csv")
    assert evidence(rolled, "Huawei", "system_stars").state == "unknown"  # MindSpore: nobody has counted
    assert evidence(rolled, "01-AI", "data_num_speech").state == "absent"
