"""“Cite” shows the citation of a page, and the badge of its subject."""

from streamlit.testing.v1 import AppTest


def script():
    from components.citation import cite
    from components.session import of_snapshot, snapshot
    from scoring.view import ModelView

    loaded, view = snapshot(), ModelView()
    scores = view.score(loaded)
    cite(scores, **of_snapshot(view, loaded))
    cite(scores, int(scores.order[0]), model="a/b", **of_snapshot(view, loaded))


def test_a_ranking_is_quoted_and_a_subject_has_a_badge_too():
    app = AppTest.from_function(script, default_timeout=60).run()
    assert not app.exception
    ranking, subject = (block.value for block in app.code)
    assert "snapshot=2026-10-08 (read on " in ranking
    assert "?model=a%2Fb&snapshot=2026-10-08 (read on " in subject
    assert "rank 1 of " in subject
    assert [one.label for one in app.download_button] == ["Badge (SVG)"]
