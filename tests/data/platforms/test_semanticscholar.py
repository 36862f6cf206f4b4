"""Semantic Scholar: citations of papers."""

from tests.platforms.ask import gather
from tests.platforms.listings import SemanticScholar


def test_citations_come_five_hundred_papers_a_call(serve, tmp_path):
    server = serve("SEMANTIC_SCHOLAR_API_URL", SemanticScholar())
    papers = [f"2401.{n:05d}" for n in range(600)]
    rows, missing = gather(tmp_path, "semanticscholar", ids=papers)
    assert not missing
    assert len(server.log) == 2
    counts = {row["id"]: row["citations"] for row in rows}
    assert counts["2401.00321"] == 321
    assert counts["2401.00000"] is None  # not indexed is not uncited
