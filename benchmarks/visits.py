"""How much memory many visits leave behind: each opens a page, moves weights that nobody else has, and leaves.

    python -m benchmarks.visits [VISITS]

The first twenty warm the server up. Streamlit keeps a session for 120 seconds after its connection ends, 128 at most
(server.disconnectedSessionTTL), so that a lost connection loses nothing: a server in use always holds that many.
"""

from __future__ import annotations

import json
import sys
from random import Random

from benchmarks.visitors import Visitor, served
from benchmarks.whatif_server import resident
from scoring.view import ModelView

VISITS, FIRST, MOVES = 500, 20, 3
PAGES = ("", "", "organisations", "compare", "model")


def main(visits: int = VISITS) -> None:
    """Print the memory after so many visits, and all of it as JSON."""
    found, chance = {}, Random(1)
    with served("serve.py") as (address, process):
        for number in range(1, visits + 1):
            visit(address, PAGES[number % len(PAGES)], chance)
            if number == FIRST or number % 100 == 0:
                found[number] = resident(process)
                growth = found[number] / found[FIRST] - 1
                print(f"{number:>5} visits {found[number]:>6.0f} MB {growth:>+7.1%}", flush=True)
    print(json.dumps({"benchmark": "visits", "results": found}))


def visit(address: str, page: str, chance: Random) -> None:
    """Open a page, move a weight a few times where it has any, and leave."""
    visitor = Visitor(address, page)
    for _ in range(MOVES):
        if not page:
            visitor.move(ModelView().usual | {"security": chance.uniform(0, 100)})
        else:
            visitor.slide("Data" if page == "organisations" else "Security", float(chance.randint(0, 100)))
    visitor.leave()


if __name__ == "__main__":
    main(*(int(a) for a in sys.argv[1:]))
