"""Flags: findings that a reader should see beside a total, whatever the weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.reasons.receipt import plain

Tone = Literal["danger", "warning", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A finding: its id, a short label, a sentence ({looks_like} is filled in), how grave it is and when it holds."""

    id: str
    label: str
    sentence: str
    tone: Tone
    reads: tuple[str, ...]
    when: nw.Expr = field(compare=False)


FLAGS: tuple[Flag, ...] = (
    Flag(
        id="unsafe_scan",
        label="Unsafe scan",
        sentence="The Hub's scanners call at least one of its files unsafe.",
        tone="danger",
        reads=("hub_scan",),
        when=nw.col("hub_scan") == "unsafe",
    ),
    Flag(
        id="looks_like",
        label="Name looks like another's",
        sentence="Its name looks like {looks_like}. Check whose account it is.",
        tone="danger",
        reads=("name_risk", "looks_like"),
        when=nw.col("name_risk") == "high",
    ),
    Flag(
        id="scan_finding",
        label="Scan finding",
        sentence="The Hub's scanners report a suspicious file.",
        tone="warning",
        reads=("hub_scan",),
        when=(nw.col("hub_scan") == "suspicious") | (nw.col("hub_scan") == "caution"),
    ),
    Flag(
        id="name_near",
        label="Name near another's",
        sentence="Its owner's name is close to {looks_like}; that may well be a coincidence.",
        tone="warning",
        reads=("name_risk", "looks_like"),
        when=nw.col("name_risk") == "low",
    ),
    Flag(
        id="only_unsafe_weights",
        label="Pickled weights only",
        sentence="Its weights come only in formats that can run code when they are loaded.",
        tone="warning",
        reads=("unsafe_level",),
        when=nw.col("unsafe_level") == "unsafe_only",
    ),
    Flag(
        id="remote_code",
        label="Runs remote code",
        sentence="Loading it runs Python code from its repository.",
        tone="warning",
        reads=("remote_code",),
        when=nw.col("remote_code"),
    ),
    Flag(
        id="no_licence",
        label="No licence",
        sentence="It states no licence, so nobody may rely on it.",
        tone="warning",
        reads=("license_stated", "license_stated_at_least"),
        when=~nw.col("license_stated") & ~nw.col("license_stated_at_least").fill_null(False),
    ),
    Flag(
        id="training_args",
        label="training_args.bin",
        sentence="It holds training_args.bin, a pickle that scanners often report; it is not counted as weights.",
        tone="note",
        reads=("training_args",),
        when=nw.col("training_args"),
    ),
    Flag(
        id="downloads_not_counted",
        label="Downloads not counted",
        sentence="The Hub shows 0 downloads beside signs of use, so its downloads are unknown.",
        tone="note",
        reads=("downloads_not_counted",),
        when=nw.col("downloads_not_counted"),
    ),
)
_BY_ID = {f.id: f for f in FLAGS}
DANGERS = tuple(f for f in FLAGS if f.tone == "danger")


def flags(facts: Any, some: Sequence[Flag] = FLAGS) -> pd.DataFrame:
    """Return which flag (of some) holds for which subject: n x flags, boolean."""
    names = dict.fromkeys(fact for f in some for fact in f.reads)
    table = facts if nw.dependencies.is_into_dataframe(facts) else pd.DataFrame({name: facts[name] for name in names})
    frame = nw.from_native(table, eager_only=True)
    held = frame.select(*(f.when.fill_null(False).cast(nw.Boolean).alias(f.id) for f in some))
    return pd.DataFrame({f.id: held[f.id].to_numpy().astype(bool) for f in some})


def danger(facts: Any) -> NDArray[np.bool_]:
    """Return for which subjects (n) a flag of danger holds."""
    return np.asarray(flags(facts, DANGERS).any(axis=1), dtype=np.bool_)


def raised(subject: Any) -> list[tuple[Flag, str]]:
    """Return the flags of one subject (a table of one row of facts), each with its sentence."""
    held = flags(subject).iloc[0]
    facts = {str(fact): plain(value) for fact, value in subject.iloc[0].items()}
    return [(flag, sentence(flag.id, facts)) for flag in FLAGS if held[flag.id]]


def sentence(flag_id: str, facts: Mapping[str, Any]) -> str:
    """Return the sentence of a flag for one subject."""
    return _BY_ID[flag_id].sentence.format(looks_like=facts.get("looks_like") or "another account")
