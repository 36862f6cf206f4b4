"""What long work counts and announces where nobody watches a terminal."""

from data.http.client import Event
from terminal.progress import BuildProgress, CollectionProgress


def event(what, **more):
    return Event(what=what, name="listing", host="huggingface.co", bucket="api", **more)


def test_a_collection_counts_in_the_singular_and_the_plural(capsys):
    with CollectionProgress("github", 3) as progress:
        progress.tick(1)
        for what in ("done", "failed", "again"):
            progress.on_event(event(what))
        assert progress.summary(kept=1) == "1 done, 2 calls, 1 reply kept from before, 0 waits, 1 retry, 1 error."
        progress.tick(1200)
        progress.on_event(event("done"))
        progress.on_event(event("again"))
        assert progress.summary(0) == "1,201 done, 3 calls, 0 replies kept from before, 0 waits, 2 retries, 1 error."
    assert capsys.readouterr().err == ""


def test_a_wait_is_announced_as_it_begins(capsys):
    with CollectionProgress("huggingface", None) as progress:
        progress.on_event(event("wait", seconds=12.4, kind="quota"))
        progress.on_event(event("wait", seconds=3, kind=""))
    assert capsys.readouterr().err.splitlines() == [
        "Waiting 12 s for the quota of huggingface.co (api).",
        "Waiting 3 s as asked by huggingface.co (api).",
    ]


def test_a_build_counts_each_stage_and_shows_nothing_in_a_pipe(capsys):
    with BuildProgress() as progress:
        for done in (1, 100, 250):
            progress.show("Reading", done, None)
        progress.show("Writing", 250, 250)
    assert progress.done == {"Reading": 250, "Writing": 250}
    assert capsys.readouterr().err == ""
