"""What `weighbridge collect` is asked for: options become a job, and what makes no sense is one sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from data.shapes import as_date
from terminal.said import Refused, complain

if TYPE_CHECKING:
    from data.collect.replies import ReplyStore
    from data.jobs import Job

MOST_IDS = 1_000_000


def bare(given: Mapping[str, Any]) -> bool:
    """Whether nothing was chosen, so that a folder says what to go on with."""
    return not any(given.values())


def job_of(source: str, given: Mapping[str, Any]) -> Job:
    """Make the job of what was given; Refused names what is wrong with it or lacking."""
    from data.jobs import job
    from data.platforms.options import OPTIONS

    may = OPTIONS[source]
    given = dict(given) | {"author": ",".join(filter(None, (word.strip() for word in given["author"].split(","))))}
    if foreign := [key for key in given if given[key] and key not in may.takes]:
        takes = _said(may.takes, ", ") or "none of these options"
        raise Refused(f"{_said(foreign, ' and ')} means nothing to {source}; it takes {takes}.")
    if may.needs and not any(given[key] for key in may.needs):
        raise Refused(f"{source} needs {_said(may.needs, ' or ')}.")
    listing = [key for key in ("author", "search", "filters", "top") if given[key]]
    if source == "huggingface" and given["ids"] and listing:
        raise Refused(f"--ids names the models, so {_said(listing, ' and ')} has nothing to choose from.")
    chosen = {**given, "source": source, "table": _table(given["table"]), "as_of": _day(given["as_of"])}
    chosen["kind"] = given["kind"] or "models"
    chosen |= {"with": _steps(source, given["with"])} | _ids(source, given["ids"]) | _batched()
    if source == "organisations":
        chosen["pages"] = _pages(given["pages"], chosen["ids"])
    return job(chosen)


def kept(folder: Path, source: str) -> Job:
    """Return the job that a folder holds; Refused when it holds none, or one of another source."""
    from data.collect.replies import ReplyStore, ReplyStoreError
    from data.jobs import job

    try:
        with ReplyStore(folder, create=False) as run:
            choice = held(run)
    except ReplyStoreError as wrong:
        raise Refused(str(wrong)) from None
    if choice["source"] != source:
        raise Refused(f"{folder} holds {choice['source']}, not {source}; name another folder with --run.")
    return job(choice | _batched())


def held(run: ReplyStore) -> dict[str, Any]:
    """Return what a run was asked for; Refused where it was killed before it said so."""
    choice = run.about("plan")
    if not choice:
        raise Refused(f"{run.folder} holds nothing yet; collect into it with `weighbridge collect SOURCE --run`.")
    return dict(choice)


def _batched() -> dict[str, Any]:
    """Whether GitHub is asked in queries of fifty, which need a token; the run keeps it, for whoever builds later."""
    from data.http.secrets import token

    return {"batched": bool(token("github"))}


def cautions() -> list[str]:
    """Say which token cannot be used; Refused for an address of a platform that is none."""
    from data.http.message import origin
    from data.http.secrets import unusable
    from data.platforms.options import ADDRESSES

    for variable in ADDRESSES:
        address = os.environ.get(variable, "").strip()
        if address and (not origin(address) or "@" in urlsplit(address).netloc):
            raise Refused(f"{variable} is no address such as https://example.org, without a name or password in it.")
    return [f"{variable} holds what no header can carry, so it is not used." for variable in unusable()]


def _said(keys: Iterable[str], between: str) -> str:
    return between.join("--" + {"filters": "filter"}.get(key, key.replace("_", "-")) for key in keys)


def _steps(source: str, what: str | None) -> list[str]:
    from data.platforms.options import OPTIONS

    usual, every = OPTIONS[source].usual, OPTIONS[source].every
    ready = {None: usual, "all": every, "none": ()}
    chosen = ready[what] if what in ready else tuple(w.strip() for w in str(what).split(",") if w.strip())
    if foreign := sorted(set(chosen) - set(every)):
        may = ", ".join((*every, "all", "none"))
        raise Refused(f"--with {', '.join(foreign)} is nothing that {source} can be asked for; it may be {may}.")
    return list(chosen)


def _ids(source: str, path: Path | None) -> dict[str, Any]:
    """Return the ids of a file as the source writes them, and how many lines were none and are left out."""
    from data.platforms.options import OPTIONS

    read, example = OPTIONS[source].read, OPTIONS[source].example
    lines = _lines(path)
    sound = [one for line in lines if (one := read(line))]
    wrong = [line for line in lines if not read(line)]
    if wrong and not sound:
        raise Refused(f"{wrong[0][:80]} is no id such as {example}; nothing was collected.")
    if wrong:
        many = f"{len(wrong)} ids are none, for example {wrong[0][:80]}"
        complain(f"{many if len(wrong) > 1 else f'{wrong[0][:80]} is no id'}; an id is such as {example}. Left out.")
    return {"ids": list(dict.fromkeys(sound)), "left_out": len(wrong)}


def _lines(path: Path | None) -> list[str]:
    if path is None:
        return []
    if str(path) == "-" and not sys.stdin:
        raise Refused("Standard input is closed, so there are no ids to read.")
    try:
        text = sys.stdin.read().removeprefix("\ufeff") if str(path) == "-" else path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as wrong:
        reason = (getattr(wrong, "strerror", None) or "it is not UTF-8 text").lower()
        raise Refused(f"{path} cannot be read: {reason}.") from None
    found = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip() and line.strip()[0] != "#"))
    if not 0 < len(found) <= MOST_IDS:
        raise Refused(f"{path} holds {'no ids' if not found else f'more than {MOST_IDS:,} ids'}.")
    return found


def _day(text: str | None) -> str:
    found = as_date(text or date.today())
    if found is None:
        raise Refused(f"--as-of {text} is not a date; write it as {date.today()}.")
    return found.isoformat()


def _table(path: Path | None) -> str:
    """Return the full path of a table that can be read; Refused says why it cannot."""
    from data.platforms import imports

    if path is None:
        return ""
    try:
        next(imports.fetch(path), None)
    except imports.Unreadable as wrong:
        raise Refused(str(wrong)) from None
    return str(path.resolve())


def _pages(path: Path | None, only: list[str]) -> list[list[str]]:
    from data.organisations import listings

    try:
        found = listings.pages(path, only)
    except ValueError as wrong:
        raise Refused(str(wrong)) from None
    return [[page.organisation, page.platform, page.handle, page.address] for page in found]
