"""What `weighbridge collect` is asked for: options become a job, and a mistake is one sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from data.http.message import origin
from data.http.secrets import unusable
from data.platforms import ALL, BY_ID, imports
from data.platforms.github import GITHUB
from data.platforms.platform import Options
from data.shapes import as_date
from terminal.messages import Refused, complain

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

    given = dict(given) | {"author": ",".join(filter(None, (word.strip() for word in given["author"].split(","))))}
    _check(source, options(source), given)
    chosen = {**given, "source": source, "table": _table(given["table"]), "as_of": _day(given["as_of"])}
    chosen["kind"] = given["kind"] or "models"
    chosen |= {"with": _steps(source, given["with"])} | _ids(source, given["ids"]) | _batched()
    if source == "organisations":
        chosen["pages"] = _pages(given["pages"], chosen["ids"])
    return job(chosen)


def _check(source: str, may: Options, given: Mapping[str, Any]) -> None:
    """Refuse options that a source does not take, lacks, or cannot take together."""
    if foreign := [key for key in given if given[key] and key not in may.takes]:
        takes = named(may.takes, ", ") or "none of these options"
        raise Refused(f"{source} takes no {named(foreign, ' and no ')}; it takes {takes}.")
    if may.needs and not any(given[key] for key in may.needs):
        raise Refused(f"{source} needs {named(may.needs, ' or ')}.")
    listing = [key for key in ("author", "search", "filters", "top") if given[key]]
    if source == "huggingface" and given["ids"] and listing:
        raise Refused(f"--ids names the models, so there is nothing to choose with {named(listing, ' and ')}.")


def kept(folder: Path, source: str) -> Job:
    """Return the job that a folder holds; Refused when it holds none, or one of another source."""
    from data.collect.replies import ReplyStore, ReplyStoreError
    from data.jobs import job

    try:
        with ReplyStore(folder, create=False) as store:
            choice = held(store)
    except ReplyStoreError as wrong:
        raise Refused(str(wrong)) from None
    if choice["source"] != source:
        raise Refused(f"{folder} holds {choice['source']}, not {source}; name another folder with --run.")
    return job(choice | _batched())


def held(store: ReplyStore) -> dict[str, Any]:
    """Return what a collection was asked for; Refused where it was killed before that was written."""
    choice = store.about("plan")
    if not choice:
        raise Refused(f"{store.folder} holds nothing yet; collect into it with `weighbridge collect SOURCE --run`.")
    return dict(choice)


def _batched() -> dict[str, Any]:
    """Whether GitHub is asked in queries of fifty, which need a token; it is kept for whoever builds later."""
    return {"batched": bool(GITHUB.token)}


def cautions() -> list[str]:
    """Say which token cannot be used; Refused for an address of a platform that is not one."""
    for platform in ALL:
        address = os.environ.get(platform.variable, "").strip()
        if address and (not origin(address) or "@" in urlsplit(address).netloc):
            raise Refused(
                f"{platform.variable} is not an address such as https://example.org, without a name or password in it."
            )
    wrong = unusable(variable for platform in ALL for variable in platform.tokens)
    return [f"{variable} is not used: it holds characters that a request cannot carry." for variable in wrong]


def options(source: str) -> Options:
    """Return what a source takes of the options."""
    from data.organisations import job as organisation_job

    return BY_ID[source].options if source in BY_ID else organisation_job.OPTIONS


def named(keys: Iterable[str], between: str) -> str:
    """Return the options of these keys, joined."""
    return between.join("--" + {"filters": "filter"}.get(key, key.replace("_", "-")) for key in keys)


def _steps(source: str, what: str | None) -> list[str]:
    usual, every = options(source).usual, options(source).every
    ready = {None: usual, "all": every, "none": ()}
    chosen = ready[what] if what in ready else tuple(w.strip() for w in str(what).split(",") if w.strip())
    if foreign := sorted(set(chosen) - set(every)):
        may = ", ".join((*every, "all", "none"))
        raise Refused(f"{source} cannot be asked for {' or '.join(foreign)}; --with may be {may}.")
    return list(chosen)


def _ids(source: str, path: Path | None) -> dict[str, Any]:
    """Return the ids of a file as the source writes them, and how many lines are left out because they are not ids."""
    read, example = options(source).read, options(source).example
    lines = _lines(path)
    sound = [one for line in lines if (one := read(line))]
    wrong = [line for line in lines if not read(line)]
    if wrong and not sound:
        raise Refused(f"{wrong[0][:80]} is not an id such as {example}; nothing was collected.")
    if len(wrong) > 1:
        complain(f"{len(wrong)} lines are not ids such as {example} and were left out, for example {wrong[0][:80]}.")
    elif wrong:
        complain(f"{wrong[0][:80]} is not an id such as {example} and was left out.")
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
