"""A plan of a model's owner: chosen improvements, the total that they give together, and what to do for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from scoring.output.metadata import hints, metadata
from scoring.reasons.receipt import counted
from scoring.reasons.verdict import Place, place
from scoring.reasons.whatif import Improvement, together
from scoring.scores import Scores
from scoring.types import Yardstick

CONVERT: Final = "https://huggingface.co/docs/safetensors/convert-weights"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Chosen improvements of a model: its total (0..100) before and with all of them, its place and its rise."""

    chosen: tuple[Improvement, ...]
    before: float
    total: float
    place: Place | None
    rise: int

    def sentence(self) -> str:
        """Say what total and rank become."""
        rank = ""
        if self.place:
            rank = f", rank {self.place.rank:,} → {self.place.rank - self.rise:,} of {self.place.of:,}"
        return f"Total {self.before:.1f} → {self.total:.1f}{rank} with {counted(len(self.chosen), 'improvements')}."

    @property
    def steps(self) -> list[str]:
        """What to do, a sentence each."""
        return [x.line.factor.remedy.replace("`", "") for x in self.chosen]

    @property
    def guide(self) -> str:
        """The address of a page on how to convert weights; empty where none are to be converted."""
        return CONVERT if any(x.line.factor.id in ("safetensors", "unsafe_files") for x in self.chosen) else ""

    @property
    def metadata(self) -> str:
        """The metadata to write into the card, as YAML; empty where none helps."""
        return metadata(x.line.factor.id for x in self.chosen)

    @property
    def hints(self) -> str:
        """What the words in capitals of the metadata stand for."""
        return "; ".join(hints(self.metadata)) + "."


def plan(scores: Scores, row: int, subject: Any, yardstick: Yardstick, chosen: Sequence[Improvement]) -> Plan:
    """Plan improvements of a model at a row of the scores; `subject` is its one row of facts (see `advise`)."""
    total, rise = together(scores, row, subject, yardstick, chosen)
    before = float(scores.total[row])
    return Plan(chosen=tuple(chosen), before=before, total=total, place=place(scores, row), rise=rise)
