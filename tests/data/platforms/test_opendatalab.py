"""OpenDataLab: data sets by their ids."""

from tests.platforms import server as bad
from tests.platforms.ask import gather
from tests.platforms.listings import OpenDataLab

KNOWN = "total_downloads likes views license tasks created bytes".split()


def test_opendatalab_gives_data_sets_by_id(serve, tmp_path):
    serve("OPENDATALAB_ENDPOINT", OpenDataLab())
    rows, missing = gather(tmp_path, "opendatalab", ids=["OpenScienceLab/ChemBench", "x/nothing"])
    assert len(rows) == 1
    assert {fact for fact in KNOWN if rows[0][fact] is None} == set()
    assert rows[0]["total_downloads"] == 4321
    assert [m.kind for m in missing] == ["missing"]


def test_opendatalab_that_says_it_failed_gives_no_numbers(serve, tmp_path):
    server = serve("OPENDATALAB_ENDPOINT", OpenDataLab())
    server.break_on(
        "/datasets/", bad.status(200, {"code": 50001, "msg": "busy", "data": {"id": 3, "downloadCount": 0}})
    )
    rows, missing = gather(tmp_path, "opendatalab", ids=["a/b"])
    assert not rows
    assert [m.kind for m in missing] == ["server"]
