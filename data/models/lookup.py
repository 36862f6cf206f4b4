"""One model, now: look it up on the Hub while somebody waits, and read its facts.

However many ask for a model, it is looked up once and kept for a while; all look-ups together keep to a rate, so that
a page full of visitors leaves the Hub's quota to those who come later.
"""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial
from typing import Any, Final, Literal

import pandas as pd

from data.collect.asker import IsFinal, always
from data.http.client import LIVE, BadLimit, Client, Limits, from_environment
from data.http.message import Failure, Request, Response
from data.models.origins import evidence
from data.models.provenance import Origin, origins
from data.models.records import frame, rows
from data.platforms.hub import ask as hub
from data.platforms.hub import ids
from data.platforms.hub.record import record
from scoring.types import Evidence

State = Literal["waiting", "done", "failed"]
STEPS: Final[tuple[ids.Step, ...]] = ("readme", "scan", "discussions", "owners", "spaces")  # at the same time
WORDS: Final[dict[str, str]] = {
    "model": "the model itself",
    "readme": "its card",
    "scan": "the Hub's scan",
    "discussions": "discussions and pull requests",
    "owners": "its owner",
    "spaces": "Spaces that use it",
    "papers": "repositories that its papers name",
}
ODD_VALUES: Final = {"values": "some of what its own page says"}  # no part that is asked for, yet it may be missing
KEPT_FOR: Final = 3600.0  # seconds; a look-up in which something failed is kept for a minute
MOST_KEPT: Final = 500
BURST, PER_MINUTE = 20, 10  # look-ups at once, and in the long run


OFFLINE: Final = "HF_HUB_OFFLINE is set, so nothing is asked of the Hub."
TOKENLESS: Final = (
    "This server asks the Hub without a token, so the Hub allows it fewer requests, which all its visitors share; "
    "whoever runs it can set one in the environment variable HF_TOKEN."
)


def offline() -> bool:
    """Return whether whoever runs this has forbidden to ask the Hub."""
    return os.environ.get("HF_HUB_OFFLINE", "").lower() in ("1", "true", "yes", "on")


def named(text: str) -> str:
    """Return the id that a text, an id or a link, names; empty where it names none."""
    return ids.model_id(text) or ""


def caution() -> str:
    """Say in a sentence what a visitor should know before asking: that there is no token, or nothing (empty)."""
    return "" if ids.API.token or offline() else TOKENLESS


class Refused(Exception):
    """The look-up could not be done; the message is one sentence for whoever asked."""


class NoModel(Refused):
    """What was asked for is no id and no link, whatever the Hub would say."""


@dataclass
class Lookup:
    """A look-up under way or done. `parts` says of each part how far it is, `failed` why one is missing."""

    model: str
    parts: dict[str, State] = field(default_factory=lambda: dict.fromkeys(WORDS, "waiting"))
    failed: dict[str, str] = field(default_factory=dict)
    record: dict[str, Any] | None = None
    refused: str = ""
    ended: float = 0.0
    done: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def fresh(self) -> bool:
        """Whether it need not be repeated yet."""
        kept_for = 60.0 if self.failed or self.refused else KEPT_FOR
        return not self.done.is_set() or time.monotonic() - self.ended < kept_for


class _Memory:
    """An asker that keeps nothing but why something failed."""

    def __init__(self, client: Client) -> None:
        self.client, self.limits, self.noted = client, client.limits, list[str]()

    def ask(self, request: Request, *, stamp: str = "", days: float = 0.0, final: IsFinal = always) -> Response:
        response = self.client.send(request)
        if not response.good:
            self.noted.append(response.reason)
        return response

    def miss(self, name: str, kind: Failure, reason: str) -> None:
        self.noted.append(reason)

    def past(self, prefix: str, name: str) -> None:
        pass


class LookupService:
    """Takes requests for models: one look-up each, however many ask; kept for a while; at a bounded rate."""

    def __init__(self, limits: Limits | None = None, burst: int = BURST, per_minute: float = PER_MINUTE) -> None:
        self._limits, self._burst, self._rate = limits, burst, per_minute / 60
        self._kept: OrderedDict[str, Lookup] = OrderedDict()
        self._tokens, self._filled = float(burst), time.monotonic()
        self._lock = threading.Lock()
        self._client = Client(LIVE)

    def ask(self, text: str, again: bool = False) -> Lookup:
        """Return the look-up of an id or a link, started if there is no fresh one. Refused: no id, or too many."""
        model = ids.model_id(text)
        if model is None:
            shown = "".join(c for c in text.strip()[:60] if c.isprintable())
            raise NoModel(f"“{shown}” is neither an id such as org/name nor a link to a model on the Hub.")
        if offline():
            raise Refused(OFFLINE)
        with self._lock:
            found = self._kept.get(model.lower())
            if found and found.fresh and not (again and found.done.is_set()):
                self._kept.move_to_end(model.lower())
                return found
            self._take()
            found = self._kept[model.lower()] = Lookup(model)
            self._kept.move_to_end(model.lower())
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        threading.Thread(target=self._run, args=(found,), daemon=True).start()
        return found

    def _take(self) -> None:
        now = time.monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._filled) * self._rate)
        self._filled = now
        if self._tokens < 1:
            wait = (1 - self._tokens) / self._rate
            raise Refused(f"Many models are being looked up just now; ask again in {wait:.0f} seconds.")
        self._tokens -= 1

    def _run(self, found: Lookup) -> None:
        try:
            limits = self._limits or from_environment().within(LIVE)
            look_up(found, Client(limits, like=self._client, live=True))
        except BadLimit as wrong:
            found.refused = str(wrong)
        except Exception as wrong:  # whatever it is, nobody may wait for ever
            found.refused = (
                f"What the Hub sent for {found.model} has a shape that nobody expected ({type(wrong).__name__})."
            )
        finally:
            found.ended = time.monotonic()
            found.done.set()


def look_up(found: Lookup, client: Client) -> None:
    """Fill a look-up: the model first, then the rest at the same time. A part that fails is named, never guessed."""
    asker = _Memory(client)
    raw = hub.fetch(asker, found.model, ())
    if raw is None:
        found.parts["model"] = "failed"
        found.refused = f"{found.model} could not be looked up: {asker.noted[0] if asker.noted else 'no answer.'}"
        return
    found.parts["model"] = "done"
    if asker.noted:  # it came, and something in it cannot be read
        found.failed["values"] = asker.noted[0]
    responses: dict[str, Response] = {}
    with ThreadPoolExecutor(len(STEPS)) as pool:
        for part in pool.map(partial(_part, found, client, raw), STEPS):
            responses |= part
    # Its papers are asked for a repository of code only where its card links none.
    responses |= _noted(found, "papers", hub.papers(_Memory(client), raw.row, responses.get("readme")), [])
    found.record = record(hub.Raw(raw.row, raw.at, responses))


def _part(found: Lookup, client: Client, raw: hub.Raw, step: ids.Step) -> dict[str, Response]:
    asker = _Memory(client)
    fetched = hub.fetch(asker, raw, (step,))
    return _noted(found, step, dict(fetched.responses) if fetched else {}, asker.noted)


def _noted(found: Lookup, step: ids.Step, responses: dict[str, Response], noted: list[str]) -> dict[str, Response]:
    """Note how a part ended, and pass its replies on. That a card or a page of a paper is not there is an answer."""
    gone = (r.kind == "missing" and (r.code == hub.NO_FILE or step == "papers") for r in responses.values())
    wrong = [r.reason for r, absent in zip(responses.values(), gone, strict=True) if not (r.good or absent)]
    wrong += noted if not responses else []
    if wrong:
        found.failed[step] = wrong[0]
    found.parts[step] = "failed" if wrong else "done"
    return responses


@dataclass(frozen=True)
class Single:
    """The facts of one model (`facts`: one row, as in a snapshot), where they come from, and notes on them."""

    facts: pd.DataFrame
    notes: Mapping[str, str]
    origins: Mapping[str, Origin]

    @property
    def model(self) -> str:
        """The model's id, as the Hub writes it."""
        return str(self.facts["id"].iloc[0])

    def evidence(self, fact: str, page: str) -> Evidence:
        """Return where a fact comes from; its `page` is the place to check it today."""
        value, origin = self.facts[fact].iloc[0], self.origins.get(fact, ("", ""))
        return evidence(self.model, fact, value, page, *origin, self.notes.get(fact, ""))


def read(record: Mapping[str, Any], as_of: date) -> Single:
    """Read the facts of a record; what is missing from it is unknown, with a note that says why."""
    (row,) = rows([record], as_of)
    return Single(frame([row]), dict(row["notes"]), origins(record, row, as_of))


@cache
def lookup_service() -> LookupService:
    """Return the service of this process, which all visitors share."""
    return LookupService()
