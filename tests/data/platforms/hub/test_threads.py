"""Recent and merged threads are counted through all pages."""

from tests.platforms.ask import collect


def test_history_counts_recent_and_merged_threads(world, tmp_path):
    with world() as server:
        found, missing = collect(tmp_path, **{"with": ["discussions", "history"]})
    assert not missing
    for n in range(8):
        one = found[server.app.id(n)]
        threads = range(1, 8 * n + 4)
        assert one["community_90d"] == len(threads)
        assert one["pull_requests_merged"] == sum(i % 2 == 0 and i % 3 == 1 for i in threads)
