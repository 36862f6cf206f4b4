"""ModelScope, BAAI, OpenDataLab and Semantic Scholar."""

import pytest

from data.sources import baai, modelscope, opendatalab, semanticscholar
from tests.platforms import server as bad
from tests.platforms.ask import QUICK, gather
from tests.platforms.listings import BAAI, ModelScope, OpenDataLab, SemanticScholar
from tests.platforms.server import Server


@pytest.fixture
def serve(monkeypatch):
    """Serve an app under a variable."""
    running = []

    def start(variable, app):
        server = Server(app)
        server.__enter__()
        running.append(server)
        monkeypatch.setenv(variable, server.url)
        return server

    yield start
    for server in running:
        server.__exit__()


def test_modelscope_lists_an_owner(serve, tmp_path):
    serve("MODELSCOPE_ENDPOINT", ModelScope(models=120, datasets=3))
    rows, missing = gather(tmp_path, "modelscope", author="Qwen,AI-ModelScope")
    assert not missing
    assert len(rows) == 2 * 123
    assert {row["kind"] for row in rows} == {"model", "dataset"}
    assert {fact for row in rows for fact in modelscope.FACTS if row[fact] is None} == set()
    assert rows[0]["id"].startswith("Qwen/")


def test_modelscope_slices_what_is_out_of_reach(serve, tmp_path):
    server = serve("MODELSCOPE_ENDPOINT", ModelScope(models=3333, datasets=0))
    rows, missing = gather(tmp_path, "modelscope", QUICK.but(max_pages=100), author="big")
    assert not missing
    assert len({row["id"] for row in rows}) == len(rows) == 3333
    assert all(int(r.one("page_number")) * int(r.one("page_size")) <= 3000 for r in server.log)


def test_modelscope_gives_one_by_its_id(serve, tmp_path):
    serve("MODELSCOPE_ENDPOINT", ModelScope())
    rows, missing = gather(tmp_path, "modelscope", ids=["Qwen/amodel-0", "Qwen/nothing", "../etc"])
    assert [row["id"] for row in rows] == ["Qwen/amodel-0"]
    assert [m.kind for m in missing] == ["missing"]


def test_modelscope_quota_that_no_waiting_refills_is_not_tried_again(serve, tmp_path):
    server = serve("MODELSCOPE_ENDPOINT", ModelScope())
    server.break_on("/models", bad.status(429, {"success": False, "code": "QuotaLimitExceed"}))
    _, missing = gather(tmp_path, "modelscope", ids=["Qwen/amodel-0"])
    assert [m.kind for m in missing] == ["refused"]
    assert len(server.log) == 1


def test_modelscope_rows_that_do_not_come_are_said(serve, tmp_path):
    server = serve("MODELSCOPE_ENDPOINT", ModelScope(models=120, datasets=0))
    server.break_on("3", bad.status(502))
    rows, missing = gather(tmp_path, "modelscope", author="Qwen")
    assert len(rows) == 100
    assert {m.kind for m in missing} == {"server", "damaged"}


def test_baai_lists_everything_in_one_call(serve, tmp_path):
    server = serve("BAAI_API_URL", BAAI(89))
    rows, missing = gather(tmp_path, "baai")
    assert not missing
    assert len(rows) == 89
    assert len(server.log) == 1
    assert {fact for row in rows for fact in baai.FACTS if row[fact] is None} == set()
    assert "cookie" not in server.log[0].headers


def test_baai_goes_on_where_one_call_is_not_enough(serve, tmp_path):
    server = serve("BAAI_API_URL", BAAI(2345))
    rows, missing = gather(tmp_path, "baai")
    assert not missing
    assert len(rows) == 2345
    assert len(server.log) == 3


def test_opendatalab_gives_data_sets_by_id(serve, tmp_path):
    serve("OPENDATALAB_ENDPOINT", OpenDataLab())
    rows, missing = gather(tmp_path, "opendatalab", ids=["OpenScienceLab/ChemBench", "x/nothing"])
    assert len(rows) == 1
    assert {fact for fact in opendatalab.FACTS if rows[0][fact] is None} == set()
    assert rows[0]["total_downloads"] == 4321
    assert [m.kind for m in missing] == ["missing"]


def test_citations_come_five_hundred_papers_a_call(serve, tmp_path):
    server = serve("SEMANTIC_SCHOLAR_API_URL", SemanticScholar())
    papers = [f"2401.{n:05d}" for n in range(600)]
    rows, missing = gather(tmp_path, "semanticscholar", ids=papers)
    assert not missing
    assert len(server.log) == 2
    counts = {row["id"]: row["citations"] for row in rows}
    assert counts["2401.00321"] == 321
    assert counts["2401.00000"] is None  # not indexed is not uncited


@pytest.mark.parametrize(
    ("source", "variable", "choice"),
    [
        ("modelscope", "MODELSCOPE_ENDPOINT", {"author": "x"}),
        ("baai", "BAAI_API_URL", {}),
        ("opendatalab", "OPENDATALAB_ENDPOINT", {"ids": ["a/b"]}),
        ("semanticscholar", "SEMANTIC_SCHOLAR_API_URL", {"ids": ["2401.00001"]}),
    ],
)
@pytest.mark.parametrize("text", [b"[]", b"{}", b"null", b'{"data": []}', b'{"data": {"list": {}, "models": 5}}'])
def test_a_reply_of_another_shape_is_said(serve, tmp_path, source, variable, choice, text):
    server = serve(variable, BAAI())
    server.break_on("/", bad.body(text))
    rows, missing = gather(tmp_path, source, **choice)
    assert not rows
    assert missing


@pytest.mark.parametrize("junk", [None, 5, "x", [], {}, float("nan"), -1, "\ud800", [None]])
def test_facts_are_made_of_whatever_comes(junk):
    at = "2026-11-22T00:00:00+00:00"
    keys = "id downloads likes license tasks tags created_at file_size gated uriName downloadNumb citationCount".split()
    said = dict.fromkeys(keys, junk)
    modelscope.facts(modelscope.Raw("models", said, at))
    baai.facts(baai.Raw(said, at))
    opendatalab.facts(opendatalab.Raw("a/b", said, at))
    semanticscholar.facts(semanticscholar.Raw("2401.00001", said, at))
