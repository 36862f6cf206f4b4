"""Snapshots at an address: fetched into a cache, checked to the last row, and only then put in place.

    https://example.org/snapshots          a folder of snapshots on any web server
    hf://datasets/OWNER/NAME[/FOLDER]      one in a data set of the Hugging Face Hub

Either is a copy of a folder of snapshots. Its SHA256SUMS names every manifest with its sha256, and a manifest every
file with its own. What does not come or is not sound changes nothing: what was fetched before stays.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from data import archive
from data.archive import Layout, SnapshotError
from data.http.client import BadLimit, Client, Limits, from_environment
from data.http.message import Request, origin
from data.models import snapshot
from data.organisations import month
from data.platforms.hub.ids import API as HUB
from data.platforms.platform import is_owned
from data.platforms.repository import LAYOUT as MONTH
from data.shapes import as_dict

LOOK_EVERY = 3600  # seconds
LARGEST_SUMS = 1_000_000  # bytes
LARGEST_FILE = 4_000_000_000  # bytes
SLOWEST = 100_000  # bytes a second: a file that comes more slowly is given up
KINDS: Final[Mapping[str, tuple[Layout, Callable[[Path], Mapping[str, Any]]]]] = {
    snapshot.KIND: (snapshot.LAYOUT, snapshot.verify),
    month.KIND: (MONTH, month.verify),
}
OnProgress = Callable[[str, int, int], None]  # kind and date of a snapshot, how many of its bytes came, of how many
Ask = Callable[[str, Callable[[Iterator[bytes]], None]], Request]  # makes the request for a path below the address

_LINE = re.compile(r"([0-9a-f]{64}) [ *]([a-z]+/\d{4}-\d\d-\d\d)/manifest\.json")
_DATASET = re.compile(r"hf://datasets/([^/]+/[^/]+)((?:/\w[\w.-]*)*)")
_COMMIT = re.compile(r"[0-9a-f]{40}")


class Unfetched(Exception):
    """Something at an address is not there or does not come; the message says what, without a full stop."""


def follow(on_progress: OnProgress = lambda *_: None) -> list[str]:
    """Fetch what is new at the address of the snapshots, if there is one and it was not read within the hour.

    Returns a sentence for everything that did not come or is not sound.
    """
    where = archive.address()
    home, looked = archive.cache(where), archive.cache(where) / "looked"
    try:
        if not where or (looked.exists() and time.time() - looked.stat().st_mtime < LOOK_EVERY):
            return []
        home.mkdir(parents=True, exist_ok=True)
        wrongs = fetch(where, home, from_environment(), on_progress)
        if not wrongs:
            looked.touch()
        return wrongs
    except BadLimit as wrong:
        return [str(wrong)]
    except OSError as wrong:
        return [f"No newer snapshots are fetched: {wrong.filename or home} cannot be written ({wrong.strerror})."]


def fetch(where: str, home: Path, limits: Limits, on_progress: OnProgress = lambda *_: None) -> list[str]:
    """Make a folder of snapshots equal to the one at an address; a sentence for everything that did not come.

    What the address no longer lists goes, once all that it lists is there. OSError when the folder cannot be written.
    """
    client, shown = Client(limits), re.sub(r"//[^/]*@", "//", where)
    try:
        remote = Remote(_asks(where, client), client, on_progress)
        listed = remote.sums(home)
    except Unfetched as wrong:
        return [f"The snapshots at {shown} cannot be read: {wrong}; what was there before is used."]
    there, wrongs = archive.sums(home), []
    for one in sorted(listed, key=lambda one: one.rpartition("/")[2], reverse=True):
        try:
            if there.get(one) != listed[one]:
                remote.take(one, listed[one], home)
        except (Unfetched, SnapshotError) as wrong:
            reason = str(wrong).removesuffix(f"; {archive.REMEDY}.")
            wrongs.append(f"{one} at {shown} is not used: {reason}.")
    if not wrongs:
        for one in there.keys() - listed.keys():
            archive.withdraw(home / one)
    if archive.sums(home):
        archive.write_sums(home)  # from now on it is what archive.root() returns
    return wrongs


class Remote:
    """A folder of snapshots at an address."""

    def __init__(self, asks: Ask, client: Client, on_progress: OnProgress) -> None:
        self._asks, self._client, self._on_progress = asks, client, on_progress

    def sums(self, home: Path) -> dict[str, str]:
        """Return the sha256 of every manifest that is listed, by `kind/date`, of the kinds that are known."""
        path = home / f".{archive.SUMS}-there"
        self._get(archive.SUMS, path, LARGEST_SUMS)
        lines = path.read_text("utf-8", "replace").splitlines()
        found = [line for line in map(_LINE.fullmatch, lines) if line]
        if not lines or len(found) < len(lines):
            raise Unfetched(f"its {archive.SUMS} is no list of manifests")
        return {line[2]: line[1] for line in found if line[2].partition("/")[0] in KINDS}

    def take(self, one: str, sha: str, home: Path) -> None:
        """Fetch a snapshot and put it in place. When it does not come (Unfetched, SnapshotError) all is as before."""
        kind, _, taken = one.partition("/")
        layout, verify = KINDS[kind]
        with archive.drafting(kind, home) as draft:
            folder = draft / taken
            folder.mkdir()
            self._get(f"{one}/manifest.json", folder / "manifest.json", archive.LARGEST_MANIFEST)
            if archive.sha256_of(folder / "manifest.json") != sha:
                raise Unfetched(f"its manifest.json is not the one that {archive.SUMS} names")
            sizes = dict(sorted(archive.read_manifest(folder, layout)["bytes"].items()))
            total, done = sum(sizes.values()), 0
            for name, size in sizes.items():
                if not 0 <= size <= LARGEST_FILE:
                    raise Unfetched(f"{name} has {size:,} bytes, and {LARGEST_FILE:,} are fetched at most")
                came = self._get(f"{one}/{name}", folder / name, size, (one, done, total))
                if came != size:
                    raise Unfetched(f"{name} broke off after {came:,} of {size:,} bytes")
                done += size
            verify(folder)
            archive.place(folder, home / kind / taken)

    def _get(self, path: str, into: Path, most: int, part: tuple[str, int, int] | None = None) -> int:
        """Write what is at a path into a file and return its bytes, of which more than `most` are refused.

        A file of a snapshot is a `part` of its bytes: which one, how many are there before it, of how many.
        """
        limits = self._client.limits
        limits = limits.but(max_body=max(most, 1), deadline=max(limits.deadline, most / SLOWEST) if part else None)
        with into.open("wb") as file:

            def write(pieces: Iterator[bytes]) -> None:
                file.seek(0)
                file.truncate()
                for piece in pieces:
                    try:
                        file.write(piece)
                        file.flush()
                    except OSError as full:
                        raise Unfetched(f"{into.name} cannot be written ({full.strerror})") from None
                    if part:
                        self._on_progress(part[0], part[1] + file.tell(), part[2])

            response = Client(limits, like=self._client).send(self._asks(path, write))
            if not response.good:
                raise Unfetched(f"{path.rpartition('/')[2]} does not come: {response.reason.rstrip('.')}")
            return file.tell()


def _asks(where: str, client: Client) -> Ask:
    """Return what makes the request for a path below an address; that of a data set is of the commit of today.

    Unfetched when it is no address, or the Hub does not know the data set.
    """
    if dataset := _DATASET.fullmatch(where):
        owned, folder = dataset[1], dataset[2]
        if is_owned(owned):
            response = client.send(HUB.request("dataset", owned, f"/api/datasets/{owned}/revision/main"))
            commit = str(as_dict(response.data).get("sha"))
            if not response.good or not _COMMIT.fullmatch(commit):
                raise Unfetched((response.reason or "the Hub does not name its commit").rstrip("."))
            return lambda path, into: HUB.request(
                "snapshots",
                path,
                f"/datasets/{owned}/resolve/{commit}{folder}/{path}",
                into=into,
                bucket="resolvers",
                hosts=HUB.hosts,
            )
    if not origin(where) or "@" in urlsplit(where).netloc:
        raise Unfetched("it is neither https://HOST/FOLDER, without a name or password, nor hf://datasets/OWNER/NAME")
    return lambda path, into: Request(name=f"snapshots/{path}", base=where, path=f"/{path}", into=into)
