"""ModelScope, BAAI, OpenDataLab and Semantic Scholar."""

import pytest

from data.platforms import baai, modelscope, opendatalab, semanticscholar
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
    rows, missing = gather(tmp_path, "modelscope", QUICK.but(max_pages=300), author="big")
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
    assert [m.kind for m in missing] == ["server"]


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


def test_modelscope_slices_that_do_not_help_are_given_up(serve, tmp_path):
    """A server that ignores `search` gives the same 3,000 to every slice."""
    app = ModelScope(models=3100, datasets=0)
    server = serve("MODELSCOPE_ENDPOINT", lambda request: app(bad.without(request, "search")))
    rows, missing = gather(tmp_path, "modelscope", QUICK.but(max_pages=300), author="big")
    assert len(rows) == 3000
    assert [m.kind for m in missing] == ["pages"], [m.reason for m in missing]
    assert len(server.log) < 150  # the listing, and one slice that shows that slicing does not help


def test_modelscope_without_a_total_says_that_there_may_be_more(serve, tmp_path):
    app = ModelScope(models=3100, datasets=0)

    def silent(request):
        answer = app(request)
        answer.body["data"].pop("total_count")
        return answer

    serve("MODELSCOPE_ENDPOINT", silent)
    rows, missing = gather(tmp_path, "modelscope", QUICK.but(max_pages=300), author="big")
    assert len(rows) == 3000
    assert [m.kind for m in missing] == ["pages"], [m.reason for m in missing]


@pytest.mark.parametrize("capitals", [False, True])
def test_modelscope_finds_names_of_every_beginning(serve, tmp_path, capitals):
    class Odd(ModelScope):
        def rows(self, kind, owner):
            rows = super().rows(kind, owner)
            for n, row in enumerate(rows):
                first = "_-.Z"[n % 4] if n % 9 == 0 else ("A" if capitals and n % 2 else "b")
                row["id"] = f"{owner}/{first}{n}"
            return rows

    serve("MODELSCOPE_ENDPOINT", Odd(models=3300, datasets=0))
    rows, missing = gather(tmp_path, "modelscope", QUICK.but(max_pages=600), author="big")
    assert (len(rows), missing) == (3300, [])


def test_modelscope_that_says_it_failed_has_failed(serve, tmp_path):
    server = serve("MODELSCOPE_ENDPOINT", ModelScope())
    server.break_on("/models", bad.status(200, {"success": False, "data": {"models": [], "total_count": 0}}))
    _, missing = gather(tmp_path, "modelscope", author="Qwen")
    assert [m.kind for m in missing] == ["server"]


@pytest.mark.parametrize(
    ("answer", "rows", "kinds"),
    [
        ({"data": {"total": 5, "list": []}}, 0, {"pages"}),
        ({"code": 500, "msg": "busy", "data": {"total": 0, "list": []}}, 0, {"server"}),
        ({"data": {"total": 2, "list": [{"uriName": "a"}]}}, 1, {"pages"}),
    ],
)
def test_baai_that_lists_less_than_it_says_is_no_whole(serve, tmp_path, answer, rows, kinds):
    server = serve("BAAI_API_URL", BAAI())
    server.break_on("getAllDataset", bad.status(200, answer))
    found, missing = gather(tmp_path, "baai")
    assert len(found) == rows
    assert {m.kind for m in missing} == kinds


def test_opendatalab_that_says_it_failed_gives_no_numbers(serve, tmp_path):
    server = serve("OPENDATALAB_ENDPOINT", OpenDataLab())
    server.break_on(
        "/datasets/", bad.status(200, {"code": 50001, "msg": "busy", "data": {"id": 3, "downloadCount": 0}})
    )
    rows, missing = gather(tmp_path, "opendatalab", ids=["a/b"])
    assert not rows
    assert [m.kind for m in missing] == ["server"]


def test_sizes_may_be_larger_than_any_count(serve, tmp_path):
    server = serve("BAAI_API_URL", BAAI())
    row = {"uriName": "a", "totalSizeByte": 2_400_000_000_000, "downloadNumb": 10**13}
    server.break_on("getAllDataset", bad.status(200, {"data": {"total": 1, "list": [row]}}))
    (found,), _ = gather(tmp_path, "baai")
    assert (found["bytes"], found["total_downloads"]) == (2_400_000_000_000, None)
