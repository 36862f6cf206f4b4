"""Every way in which a platform is known to fail, by name: what a collection must survive at any point."""

from tests.platforms import server as bad
from tests.platforms.server import Fault

FAULTS: dict[str, Fault] = {
    **{
        f"429 {name}": bad.status(429, **headers)
        for name, headers in {
            "without a word": {},
            "Retry-After 0": {"Retry_After": "0"},
            "Retry-After 1": {"Retry_After": "1"},
            "Retry-After 300": {"Retry_After": "300"},
            "Retry-After garbage": {"Retry_After": "later"},
            "RateLimit 0": {"RateLimit": '"api";r=0;t=0'},
            "RateLimit 1": {"RateLimit": '"api";r=0;t=1'},
            "RateLimit 300": {"RateLimit": '"api";r=0;t=300'},
            "RateLimit garbage": {"RateLimit": "r=x;t=", "RateLimit_Policy": "?"},
        }.items()
    },
    **{str(number): bad.status(number) for number in (500, 502, 503, 401, 403, 404, 410)},
    "hang up": bad.hang_up,
    "reset in the body": bad.reset,
    "a byte at a time": bad.slow(0.1),
    "headers a byte at a time": bad.slow(0.1, head=True),
    "gzip cut short": bad.cut_gzip,
    "JSON cut short": bad.cut_json,
    "HTML under 200": bad.HTML,
    "empty body": bad.EMPTY,
    "100 MB": bad.huge(),
    "redirect in a circle": bad.circle,
    "redirect to another host": bad.elsewhere("http://127.0.0.2:9"),
    "a list where an object is due": bad.body(b"[]"),
    "an object where a list is due": bad.body(b"{}"),
    "null": bad.body(b"null"),
    "rows of absurd shape": bad.body(b'[1, null, "x", [], {}, {"id": 5}, {"id": "../../etc"}, {"id": {"id": 1}}]'),
    "values of absurd shape": bad.body(
        b'{"id": "org-0/model-0", "downloads": "many", "likes": -3, "tags": {"a": 1}, "siblings": [5],'
        b' "spaces": 7, "count": -1, "discussions": "none", "filesWithIssues": "x", "scansDone": "yes",'
        b' "isVerified": [], "gated": {}}'
    ),
}
