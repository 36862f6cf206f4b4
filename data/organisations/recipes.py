"""How the facts of an organisation come from its repositories: a recipe a fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from scoring.factors import org_data, org_model

Kind = Literal["model", "dataset"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a fact comes from merged repositories of a kind: those whose `by` is `label`, counted or summed over `field`.

    `listed`: data sets on other sites, which no platform counts downloads of, are added to the count.
    `unit`: of several the largest counts, in this unit, instead of the sum.
    """

    kind: Kind
    field: str = ""
    by: Literal["", "modality", "lifecycle", "industry"] = ""
    label: str = ""
    listed: bool = False
    unit: float = 0.0


def _family(kind: Kind, by: Literal["modality", "lifecycle"], labels: Mapping[str, str]) -> dict[str, Recipe]:
    dimension, listed = ("data", True) if kind == "dataset" else ("model", False)
    counts = {f"{dimension}_num_{n}": Recipe(kind=kind, by=by, label=w, listed=listed) for n, w in labels.items()}
    field = "downloads_last_month"
    sums = {f"{dimension}_downloads_{n}": Recipe(kind=kind, field=field, by=by, label=w) for n, w in labels.items()}
    return counts | sums


RECIPES: Mapping[str, Recipe] = {
    **_family("dataset", "modality", org_data.MODALITIES),
    **_family("dataset", "lifecycle", org_data.LIFECYCLES),
    "data_dataset_usage": Recipe(kind="dataset", field="dataset_usage"),
    "data_num_industry": Recipe(kind="dataset", by="industry", label="yes"),
    **_family("model", "modality", org_model.MODALITIES),
    "model_descendants": Recipe(kind="model", field="descendants"),
    "model_likes": Recipe(kind="model", field="likes"),
    "model_issue": Recipe(kind="model", field="community"),
    "model_scale": Recipe(kind="model", field="parameters", unit=1e9),
}
