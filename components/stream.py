"""Tables of many models as CSV, made while they are sent: no memory holds the whole of one.

The server sends them where serve.py has put the routes in place; `streamlit run app.py` has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from threading import BoundedSemaphore, Event
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

if TYPE_CHECKING:
    from scoring.view import ModelView

# What the server needs only once somebody asks is imported there: it starts in half the time.
MANY: Final = 100_000  # rows; a table of more is streamed
RANKING, FACTS = "/ranking.csv", "/facts.csv"
served: Final = Event()  # whether this server streams
_places = BoundedSemaphore(2)  # each keeps a processor busy for minutes


def routes() -> list[Route]:
    """Return the routes of the streams."""
    served.set()
    return [Route(RANKING, _ranking), Route(FACTS, _facts)]


def address(path: str, view: ModelView | None = None, taken: str = "") -> str:
    """Return the address of a stream, of the models that a view lists or of a snapshot; empty where none is served."""
    from components.links import page_address
    from components.pages import ROOT

    query = urlencode(({} if view is None else view.query()) | {"snapshot": taken}, doseq=True)
    return f"{page_address(ROOT).rstrip('/')}{path}?{query}" if served.is_set() else ""


def _ranking(request: Request) -> Response:
    from components import session
    from components.listing import listing
    from scoring.output.export import ranking_csv
    from scoring.view import ModelView

    snapshot = session.named(request.query_params.get("snapshot", ""))
    params = {key: request.query_params.getlist(key) for key in request.query_params if key != "snapshot"}
    view, _ = ModelView.parse(params, session.offered(snapshot))
    found = listing(view, session.scores(snapshot, view), snapshot)
    lines = ranking_csv(found.scores, snapshot.facts, found.kept.nonzero()[0], found.kept)
    return _sent(lines, f"weighbridge-{'generated-' * snapshot.generated}models-{snapshot.taken}.csv")


def _facts(request: Request) -> Response:
    from components import session

    snapshot = session.named(request.query_params.get("snapshot", ""))
    return _sent(
        session.facts_csv(snapshot), f"weighbridge-{'generated-' * snapshot.generated}facts-{snapshot.taken}.csv"
    )


def _sent(lines: Iterator[str], name: str) -> Response:
    if not _places.acquire(blocking=False):
        busy = "Other tables are being sent; try again in a few minutes.\n"
        return PlainTextResponse(busy, 503, {"Retry-After": "120"})

    def all_of_them() -> Iterator[str]:
        try:
            yield from lines
        finally:
            _places.release()

    sent = all_of_them()
    begun = chain([next(sent)], sent)  # who has begun ends in any case, also when nobody listens any more
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(begun, headers=headers, media_type="text/csv")
