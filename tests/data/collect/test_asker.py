"""A listing of many pages ends, and whatever is wrong with it is noted."""

from tests.platforms import server as bad
from tests.platforms.ask import collect
from tests.platforms.hub import Hub
from tests.platforms.server import Server


def test_empty_pages_are_no_end_and_many_of_them_are(world, tmp_path):
    with world() as server:
        server.break_on("3", lambda handler, request, app: handler.give(bad.Answer([], headers=app(request).headers)))
        found, missing = collect(tmp_path)
        assert (len(found), missing) == (5, [])

        def endless(handler, request, app):
            handler.give(bad.Answer([], headers={"Link": f'<{server.url}/api/models?cursor=x>; rel="next"'}))

        server.faults.clear()
        server.break_on("3", endless)
        server.break_on("x", endless)
        found, missing = collect(tmp_path / "endless")
    assert [m.kind for m in missing] == ["pages"]
    assert "empty pages" in missing[0].reason


def test_pages_without_end_end(world, tmp_path):
    with world(models=10**6, page=2) as server:
        found, missing = collect(tmp_path, **{"with": []})
    assert len(found) == 16
    assert [m.kind for m in missing] == ["pages"]
    assert len(server.log) == 8


def test_a_repeated_page_ends_the_listing(world, tmp_path):
    with world() as server:

        def again(handler, request, app):
            answer = app.listing(request.__class__(request.method, request.path, {}, request.headers, b""), "models")
            handler.give(answer.__class__(answer.body, 200, app.link(request, 7)))

        server.faults.append((lambda r: r.one("cursor") == "6", again))
        found, missing = collect(tmp_path, **{"with": []})
    assert len(found) >= 6
    assert [m.kind for m in missing] == ["pages"]


def test_a_link_to_another_host_is_not_followed(world, tmp_path):
    with Server(Hub()) as other, world() as server:

        def away(handler, request, app):
            answer = app.listing(request, "models")
            handler.give(answer.__class__(answer.body, 200, {"Link": f'<{other.url}/api/models?cursor=3>; rel="next"'}))

        server.faults.append((lambda r: r.path == "/api/models", away))
        found, missing = collect(tmp_path, **{"with": []})
        assert not other.log
    assert len(found) == 3
    assert [m.kind for m in missing] == ["redirect"]
