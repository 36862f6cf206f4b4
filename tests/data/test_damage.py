"""Hundreds of ways to damage a snapshot: each is refused in one sentence or harms nothing, and nothing hangs."""

from __future__ import annotations

import gzip
import json
import math
import os
import random
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import product
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from data import archive
from data.archive import SnapshotError, read_parquet, write_parquet
from data.models import about, build, snapshot
from data.organisations import month, provenance
from data.organisations.rollup import rollup, summary
from data.platforms.repository import RepositoryRow
from scoring.engine import blend, weigh
from scoring.methods import METHODS
from scoring.scorecards import MODEL, influence
from tests import older
from tests.records import AS_OF

Damage = Callable[[Path], object]
ODD: list[Any] = [None, True, -1, 1.5, 10**30, "", "x", "../x", "ü" * 400, [], [None], [[]], {}, {"": None}]


# What happens to files, whoever wrote the manifest


def replaced(name: str, by: Callable[[Path], object]) -> Damage:
    def damage(folder: Path) -> None:
        (folder / name).unlink()
        by(folder / name)

    return damage


def changed(name: str, change: Callable[[bytes], bytes]) -> Damage:
    return lambda folder: (folder / name).write_bytes(change((folder / name).read_bytes()))


def flipped(seed: int) -> Callable[[bytes], bytes]:
    def flip(content: bytes) -> bytes:
        place = random.Random(seed).randrange(len(content))
        return content[:place] + bytes([content[place] ^ 1 << seed % 8]) + content[place + 1 :]

    return flip


def socket_at(path: Path) -> None:
    here = os.getcwd()
    os.chdir(path.parent)  # a path of a socket may have some hundred letters only
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(path.name)
    os.chdir(here)


def sparse(path: Path) -> None:
    path.touch()
    os.truncate(path, 10**12)


INSTEAD: dict[str, Callable[[Path], object]] = {
    "nothing": lambda path: None,
    "a folder": Path.mkdir,
    "a pipe": os.mkfifo,
    "an endless device": lambda path: path.symlink_to("/dev/zero"),
    "a terminal": lambda path: path.symlink_to("/dev/tty"),
    "a link to nothing": lambda path: path.symlink_to("nowhere"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link to a folder": lambda path: path.symlink_to("."),
    "a socket": socket_at,
    "a sparse terabyte": sparse,
}


def of_files(names: list[str]) -> Iterator[tuple[str, Damage]]:
    for name in names:
        for what, by in INSTEAD.items():
            yield f"{name} is {what}", replaced(name, by)
        for end in (0, 1, 100, -1, -8):
            yield f"{name} ends at {end}", changed(name, lambda content, end=end: content[:end])  # type: ignore[misc]
        yield f"{name} is longer", changed(name, lambda content: content + b"\n")
        yield f"{name} is twice there", changed(name, lambda content: content * 2)
        for seed in range(6):
            yield f"a bit of {name} is flipped ({seed})", changed(name, flipped(seed))
        for other in names:
            if other != name:
                yield (
                    f"{name} is {other}",
                    lambda folder, name=name, other=other: shutil.copy(  # type: ignore[misc]
                        folder / other, folder / name
                    ),
                )


# A manifest that is sealed, and odd


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places in a manifest, with the first entry of each list and the first two of each mapping below the top."""
    if path:
        yield path
    if isinstance(value, dict):
        for key in list(value) if not path else list(value)[:2] if len(value) > 8 else list(value):
            yield from leaves(value[key], (*path, key))
    elif isinstance(value, list) and value:
        yield from leaves(value[0], (*path, 0))


def sealed_with(path: tuple[Any, ...], *values: Any) -> Damage:
    """Put a value at a place of the manifest (none: leave the place out), and seal it as if all were well."""

    def damage(folder: Path) -> None:
        manifest = json.loads((folder / "manifest.json").read_text())
        *above, last = path
        inner = manifest
        for key in above:
            inner = inner[key]
        if values:
            inner[last] = values[0]
        else:
            del inner[last]
        (folder / "manifest.json").write_text(archive._sealed(manifest))

    return damage


def of_manifests(manifest: dict[str, Any]) -> Iterator[tuple[str, Damage]]:
    for n, path in enumerate(p for p in leaves(manifest) if p != ("seal",)):
        place = ".".join(map(str, path))
        yield f"{place} is left out", sealed_with(path)
        for odd in (ODD[(n + i) % len(ODD)] for i in range(0, len(ODD), 3)):  # another third of them for each place
            yield f"{place} is {str(odd)[:9]!r}", sealed_with(path, odd)
    for odd in ODD:
        yield (
            f"the manifest is {odd!r}",
            lambda folder, odd=odd: (folder / "manifest.json").write_text(  # type: ignore[misc]
                json.dumps(odd)
            ),
        )
        yield f"the schema is {odd!r}", sealed_with(("schema",), odd)


# Content that is sealed, and odd


def table(name: str, change: Callable[[pa.Table], pa.Table]) -> Damage:
    def damage(folder: Path) -> None:
        path = folder / f"{name}.parquet"
        write_parquet(change(read_parquet(path.read_bytes())), path)
        older.sealed(folder)

    return damage


def content(name: str, change: Callable[[bytes], bytes]) -> Damage:
    def damage(folder: Path) -> None:
        changed(name, change)(folder)
        older.sealed(folder)

    return damage


def nulls(column: str) -> Callable[[pa.Table], pa.Table]:
    return lambda t: t.set_column(
        t.column_names.index(column), column, pa.nulls(t.num_rows, t.schema.field(column).type)
    )


def texts(column: str) -> Callable[[pa.Table], pa.Table]:
    return lambda t: t.set_column(t.column_names.index(column), column, pa.array(["x"] * t.num_rows))


def numbers(column: str, number: float) -> Callable[[pa.Table], pa.Table]:
    def change(t: pa.Table) -> pa.Table:
        field = t.schema.field(column)
        return t.set_column(t.column_names.index(column), field, pa.array([number] * t.num_rows, field.type))

    return change


def of_tables(tables: dict[str, pa.Table]) -> Iterator[tuple[str, Damage]]:
    for name, one in tables.items():
        yield f"{name} has no rows", table(name, lambda t: t.slice(0, 0))
        yield f"{name} lacks a row", table(name, lambda t: t.slice(1))
        yield f"{name} has rows twice", table(name, lambda t: pa.concat_tables([t, t]))
        yield f"{name} is upside down", table(name, lambda t: t.take(list(range(t.num_rows))[::-1]))
        yield f"{name} has no columns", table(name, lambda t: t.select([]))
        yield f"{name} has one more column", table(name, lambda t: t.append_column("x", pa.nulls(t.num_rows)))
        yield f"{name} is no table", content(f"{name}.parquet", lambda whole: b"PAR1")
        yield f"{name} is empty", content(f"{name}.parquet", lambda whole: b"")
        yield f"{name} has a flipped bit", content(f"{name}.parquet", flipped(2))
        for column in [*one.column_names[:12], *one.column_names[-3:]]:
            yield f"{name} lacks {column}", table(name, lambda t, column=column: t.drop_columns([column]))  # type: ignore[misc]
            yield f"{name} knows no {column}", table(name, nulls(column))
            yield f"{name} has words for {column}", table(name, texts(column))


# Every damage, tried on both kinds


@contextmanager
def within(seconds: int) -> Iterator[None]:
    def late(*_: object) -> None:
        raise AssertionError("It hangs.")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def sentence(wrong: SnapshotError, folder: Path) -> bool:
    said = str(wrong)
    return said.startswith(f"Snapshot {folder.name} ") and said.endswith(".") and "\n" not in said and len(said) < 400


def use(one: snapshot.Snapshot, anew: bool) -> None:
    """Do what the pages and commands do with a snapshot; measure its facts `anew` where they are not the usual ones."""
    scaled = one.scaled(MODEL)
    assert len(weigh(MODEL, scaled, blend(MODEL, scaled)).total) == len(one.facts)
    if anew:
        one.scaled(MODEL, "population")
    for model in one.position:
        one.evidence(model, "likes", 1, "")
    for shown in (about.sources(one), about.coverage(one, MODEL), about.gaps(one, MODEL), about.hashes(one)):
        assert shown is not None
    about.citation(one, MODEL, "1")
    about.as_csv(one)


def use_month(one: month.Month) -> None:
    """Do what the pages and commands do with a month."""
    for method in METHODS.values():
        rolled = rollup(one, method.reading)
        scores = influence(rolled.facts, method, as_of=one.taken)
        assert len(scores.usual_shares) == len(scores.card.factors)
        for organisation, fact in product(one.ids, rolled.facts.column_names[1::9]):
            provenance.evidence(rolled, organisation, fact)
        summary(one, method.reading)
    provenance.table([*provenance.platforms(one), *provenance.systems(one)])
    provenance.behind(rolled, one.ids[0])
    one.page(one.ids[0])


def survives(damage: Damage, sound: Path, home: Path) -> str:
    """Damage a copy; return what went wrong when it was verified, loaded and used, if anything."""
    folder = home / sound.name
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(sound, folder)
    damage(folder)
    kind = snapshot if home.name == snapshot.KIND else month
    verified = False
    try:
        with within(20):
            with suppress(SnapshotError):
                kind.verify(folder)
                verified = True
            found = kind.load(sound.name)
            if isinstance(found, month.Month):
                use_month(found)
            else:
                facts = (folder / "facts.parquet").read_bytes()
                use(found, anew=facts != (sound / "facts.parquet").read_bytes())
    except SnapshotError as wrong:
        return "" if sentence(wrong, folder) and not verified else f"refused: {wrong}"
    except BaseException as wrong:
        return f"{type(wrong).__name__}: {wrong}"
    return ""


@pytest.fixture
def small(tmp_path):
    some = [{"id": f"o/m{n}", "likes": n, "tags": ["license:mit"], "gated": bool(n % 2)} for n in range(6)]
    return build.build(some, AS_OF, tmp_path / "first")


def test_a_damaged_snapshot_of_models_is_refused_or_harms_nothing(small, snapshots, monkeypatch):
    monkeypatch.setattr(archive, "MOMENT", 1e-4)
    (home := snapshots / "models").mkdir()
    names = sorted(path.name for path in small.iterdir())
    manifest = json.loads((small / "manifest.json").read_text())
    tables = {path.stem: read_parquet(path.read_bytes()) for path in sorted(small.glob("*.parquet"))}
    damages = dict([*of_files(names), *of_manifests(manifest), *of_tables(tables), *OF_MODELS])
    assert len(damages) > 500
    wrong = {name: found for name, damage in damages.items() if (found := survives(damage, small, home))}
    assert wrong == {}


@pytest.fixture
def small_month(tmp_path):
    rows = [
        RepositoryRow(source="HuggingFace", kind="model", org="A", repo="a", name="m", modality="Language", likes=3),
        RepositoryRow(source="ModelScope", kind="dataset", org="B", name="d", lifecycle="Pretraining", likes=None),
        RepositoryRow(
            source="HuggingFace", kind="model", org="B", name="n", modality="Vision", downloads_last_month=70
        ),
    ]
    listed = [{"org": "A", "dataset_name": "x", "modality": "Speech"}]
    facts: list[dict[str, Any]] = [
        {"id": "A", "benchmark_num_leaderboards": 2.0},
        {"id": "B", "system_num_operators": None},
    ]
    source = {"name": "HuggingFace", "from": "2026-02-01", "to": "2026-02-01", "repositories": 3}
    manifest = {
        "sources": [source | {"licence": "MIT", "url": "https://example.org"}],
        "by_hand": "2026-01-01",
        "systems": [row | {"as_of": "2026-01-01", "stars": 5} for row in month.systems()[:2]],
        "pages": [["A", "HuggingFace", "https://example.org/a"]],
        "gaps": [["B", "dataset", "ModelScope", "It could not be read."]],
    }
    return month.write("2026-02-01", rows, listed, facts, manifest, tmp_path / "first")


def test_a_damaged_month_is_refused_or_harms_nothing(small_month, snapshots, monkeypatch):
    monkeypatch.setattr(archive, "MOMENT", 1e-4)
    (home := snapshots / "organisations").mkdir()
    names = sorted(path.name for path in small_month.iterdir())
    manifest = json.loads((small_month / "manifest.json").read_text())
    tables = {path.stem: read_parquet(path.read_bytes()) for path in sorted(small_month.glob("*.parquet"))}
    damages = dict([*of_files(names), *of_manifests(manifest), *of_tables(tables), *OF_MONTHS])
    assert len(damages) > 300
    wrong = {name: found for name, damage in damages.items() if (found := survives(damage, small_month, home))}
    assert wrong == {}


def texts_of_yardstick(change: Callable[[dict[str, Any]], object]) -> Damage:
    def damage(whole: bytes) -> bytes:
        read = json.loads(whole)
        return json.dumps(change(read) or read).encode()

    return content("yardstick.json", damage)


def evidence_rows(order: Callable[[list[int]], list[int]]) -> Damage:
    return table("evidence", lambda rows: rows.take(order(list(range(rows.num_rows)))))


def test_rows_of_evidence_that_are_doubled_or_in_another_order_are_refused(small):
    for order in (lambda rows: rows * 2, lambda rows: rows[::-1], lambda rows: [rows[0], *rows], lambda rows: rows[1:]):
        sound = (small / "evidence.parquet").read_bytes()
        evidence_rows(order)(small)
        with pytest.raises(SnapshotError, match=r"evidence\.parquet holds something else than it should"):
            snapshot.verify(small)
        (small / "evidence.parquet").write_bytes(sound)
        older.sealed(small)
        snapshot.verify(small)


OF_MODELS: list[tuple[str, Damage]] = [
    ("records are no gzip", content("records.jsonl.gz", lambda whole: gzip.decompress(whole))),
    (
        "records lack a line",
        content("records.jsonl.gz", lambda w: gzip.compress(gzip.decompress(w).split(b"\n", 1)[1])),
    ),
    ("the yardstick is no JSON", content("yardstick.json", lambda whole: b"{")),
    ("the yardstick is no text", content("yardstick.json", lambda whole: b"\xff")),
    ("the yardstick is a list", texts_of_yardstick(lambda y: [1])),
    ("the yardstick lacks an end", texts_of_yardstick(lambda y: y.pop("low") and None)),
    ("the yardstick lacks a factor", texts_of_yardstick(lambda y: y["low"].pop("likes") and None)),
    ("the yardstick has words", texts_of_yardstick(lambda y: y["low"].update(likes="many"))),
    ("nothing is common ground", sealed_with(("common_ground",), [])),
    ("a factor of the common ground that nobody knows", sealed_with(("common_ground", 0), "x")),
    ("a number in the common ground", sealed_with(("common_ground", 0), 1)),
    ("the common ground is a text", sealed_with(("common_ground",), "likes")),
    ("a class of licence that nobody knows", table("facts", texts("license_class"))),
    ("ids twice", table("facts", texts("id"))),
    ("evidence of another", table("evidence", texts("subject"))),
    ("each row of evidence is doubled", evidence_rows(lambda rows: [row for row in rows for _ in range(2)])),
    ("a row of evidence is doubled", evidence_rows(lambda rows: [rows[0], *rows])),
    ("a row of evidence is missing", evidence_rows(lambda rows: rows[:-1])),
    ("two rows of evidence are swapped", evidence_rows(lambda rows: [rows[1], rows[0], *rows[2:]])),
    *((f"{n} likes", table("facts", numbers("likes", n))) for n in (-1, -(2**63), 2**53 + 1, 2**63 - 1)),
    *((f"likes in place {x}", table("scaled", numbers("likes", x))) for x in (-0.1, 1.1, 1e308, math.inf)),
    ("the schema is the number as a fraction", sealed_with(("schema",), 2.0)),
]
OF_MONTHS: list[tuple[str, Damage]] = [
    *((f"{n} likes", table("repositories", numbers("likes", n))) for n in (-(2**63), 2**53 + 1, 2**63 - 1)),
    *((f"{n} boards", table("facts", numbers("benchmark_num_leaderboards", n))) for n in (math.inf, math.nan, 1e308)),
]
