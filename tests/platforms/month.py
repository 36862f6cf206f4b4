"""A month of organisations, collected from the platforms as they are played here."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data.collect.collector import Collector, Replay
from data.collect.replies import ReplyStore
from data.http.client import Client
from data.jobs import job
from data.organisations.build import from_collection
from data.organisations.job import STEPS, Organisations
from data.organisations.month import Month, load
from data.organisations.rollup import rollup
from tests.platforms.ask import QUICK

TODAY = datetime.now(UTC).date()
PAGES = [
    ["Meta", "Hugging Face", "org-1", "https://huggingface.co/org-1"],
    ["Ali", "Hugging Face", "org-2", "https://huggingface.co/org-2"],
    ["Ali", "ModelScope", "Qwen", "https://modelscope.cn/organization/Qwen"],
    ["BAAI", "BAAI", "", "https://data.baai.ac.cn/dataset"],
    ["Huawei", "Hugging Face", "org-0", "https://huggingface.co/org-0"],
    ["Newcomer", "Hugging Face", "nobody", "https://huggingface.co/nobody"],
]


def collected(run: ReplyStore, **choice: Any) -> Organisations:
    """Collect from the platforms into a run; returns the job."""
    plain = {
        "source": "organisations",
        "with": list(STEPS),
        "ids": [],
        "pages": PAGES,
        "table": "",
        "batched": False,
    }
    todo = job(plain | {"as_of": TODAY.isoformat()} | choice)
    assert isinstance(todo, Organisations)
    run.begin(todo.choice)
    todo.collect(Collector(run, Client(QUICK)), lambda _: None)
    return todo


def month_of(tmp_path: Path, **choice: Any) -> tuple[Month, list[str]]:
    """The month of a collection, and what of it is missing."""
    with ReplyStore(tmp_path / "run") as run:
        built = from_collection(collected(run, **choice).read(Replay(run, QUICK)))
        return load(built.name), [failure.reason for failure in run.failures()]


def facts(month: Month) -> dict[str, dict[str, Any]]:
    """The facts of each organisation of a month."""
    return {row.pop("id"): row for row in rollup(month).facts.to_pylist()}
