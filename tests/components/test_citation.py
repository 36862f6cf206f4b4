"""“Cite” shows the citation of a page, and the badge of its subject."""

from streamlit.testing.v1 import AppTest


def script(subject):
    from components.citation import cite
    from components.session import of_snapshot, snapshot
    from scoring.view import ModelView

    loaded, view = snapshot(), ModelView()
    scores = view.score(loaded)
    if subject:
        cite(scores, int(scores.order[0]), model="a/b", **of_snapshot(view, loaded))
    else:
        cite(scores, **of_snapshot(view, loaded))


def cited(subject):
    app = AppTest.from_function(script, default_timeout=60, kwargs={"subject": subject})
    app.session_state["cite"] = True
    app.run()
    assert not app.exception
    return app.code[0].value, [one.label for one in app.download_button]


def test_a_ranking_is_quoted_and_a_subject_has_a_badge_too():
    ranking, _ = cited(False)
    subject, buttons = cited(True)
    assert "snapshot=2026-10-08 (read on " in ranking
    assert "?model=a%2Fb&snapshot=2026-10-08 (read on " in subject
    assert "rank 1 of " in subject
    assert buttons == ["Badge (SVG)"]
