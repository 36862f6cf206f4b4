"""What hypothesis draws from: rows of facts that can be, records of the Hub as they come, and records of any shape."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pyarrow as pa
from hypothesis import strategies as st

from data.models import records, snapshot
from data.models.facts import facts as from_record
from data.models.schema import FACTS
from tests import independent

AS_OF = date(2026, 10, 8)
UNKNOWN: dict[str, Any] = dict.fromkeys(FACTS)
WHOLE: dict[str, Any] = {"tags": []}  # of a record: a list of tags that is complete and says nothing


def row_of(record: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Return the facts of a record by hand, which need not have an id."""
    return from_record({"id": "somebody/model"} | dict(record) | more, AS_OF)


def values_of(record: Mapping[str, Any], *names: str) -> tuple[Any, ...]:
    """Return some facts of a record by hand."""
    row = row_of(record)
    return tuple(row[name] for name in names)


def frame(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Make a table of facts of rows that name only what they know; ids are numbered."""
    return records.frame([UNKNOWN | {"id": f"owner/model-{n}"} | dict(row) for n, row in enumerate(rows)])


def arrow(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Make the same table for Arrow, on which the engine measures small tables faster."""
    return snapshot.facts_table([UNKNOWN | {"id": f"owner/model-{n}"} | dict(row) for n, row in enumerate(rows)])


def read(hub_records: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Read records of the Hub into an Arrow table of facts."""
    return snapshot.facts_table(records.rows(hub_records, AS_OF))


def known(facts: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table of facts as plain rows, None where unknown."""
    return [{str(k): None if pd.isna(v) else v for k, v in row.items()} for row in facts.to_dict("records")]


# Rows of facts. Facts that the Hub gives together are known together.

counts = st.one_of(st.integers(0, 50), st.integers(0, 10**6), st.integers(0, 10**12))
days = st.integers(0, 20_000)
yes_no = st.booleans()
PLAIN: dict[str, st.SearchStrategy[Any]] = {
    "downloads_30d": counts,
    "likes": counts,
    "github_repo": yes_no,
    "discussions": counts,
    "pull_requests": counts,
    "provider": st.sampled_from([0, 1, 2]),
    "days_since_update": days,
    "authorization": st.sampled_from(list(independent.ACCESS)),
    "gated": yes_no,
    "metric_info": yes_no,
    "dataset_info": yes_no,
    "training_info": yes_no,
    "evaluation_results": yes_no,
    "card_topics": st.integers(0, 4),
    "weight_formats": st.sampled_from(list(independent.FORMATS)),
    "unsafe_level": st.sampled_from(list(independent.UNSAFE)),
    "hub_scan": st.sampled_from(list(independent.SCAN)),
    "example_code": yes_no,
    "remote_code": yes_no,
    "name_risk": st.sampled_from(list(independent.NAMES)),
}
TOGETHER: dict[tuple[str, ...], st.SearchStrategy[tuple[Any, ...]]] = {
    ("spaces", "spaces_at_least"): st.one_of(st.tuples(st.integers(0, 99), st.just(False)), st.just((100, True))),
    ("papers", "papers_at_least"): st.tuples(st.integers(0, 9), yes_no),
    ("age_days", "age_at_least"): st.tuples(days, yes_no),
    ("license_stated", "license_in_metadata", "license_stated_at_least", "license_class"): st.one_of(
        st.tuples(st.just(False), st.just(False), yes_no, st.none()),
        st.just((True, False, False, None)),  # in a file or the README alone
        st.tuples(st.just(True), st.just(True), st.just(False), st.sampled_from(list(independent.LICENCES))),
    ),
    ("lineage", "base_model_info", "base_model_in_metadata", "base_model_info_at_least"): st.one_of(
        st.just(("original", None, None, None)),
        st.tuples(
            st.just("derivative"),
            st.sampled_from(
                [
                    *((True, True, False), (True, False, False), (True, None, False)),
                    *((False, False, False), (False, False, True), (None, None, None)),
                ]
            ),
        ).map(lambda drawn: (drawn[0], *drawn[1])),
    ),
}
GROUPS: dict[tuple[str, ...], st.SearchStrategy[tuple[Any, ...]]] = {
    (fact,): values.map(lambda v: (v,)) for fact, values in PLAIN.items()
} | TOGETHER


@st.composite
def facts(draw: st.DrawFn, /, **fixed: Any) -> dict[str, Any]:
    """Draw a row of facts, each group of them known or not; `fixed` facts are as given."""
    row = dict(UNKNOWN)
    share = draw(st.sampled_from([0, 1, 2, 3, 4]))
    for group, values in GROUPS.items():
        if draw(st.integers(0, 3)) < share:
            row |= dict(zip(group, draw(values), strict=True))
    return row | fixed


def weights(least: float = 0.0) -> st.SearchStrategy[dict[str, float]]:
    """Draw some weights of categories and factors, from `least` to 100."""
    number = st.one_of(st.integers(math.ceil(least), 100).map(float), st.floats(least, 100))
    return st.dictionaries(st.sampled_from(list(independent.DEFAULTS)), number, max_size=12)


# Records as the Hub and its readers give them.

LICENCE_TAGS = ["apache-2.0", "mit", "cc-by-nc-4.0", "gpl-3.0", "llama3", "other", "openrail", "gemma"]
TAGS = [
    *(f"license:{i}" for i in LICENCE_TAGS),
    *("arxiv:2401.00001", "arxiv:2401.00001v2", "arxiv:1706.03762", "dataset:org/set", "region:us", "custom_code"),
    *("safetensors", "pytorch", "gguf", "model-index", "generated_from_trainer", "pytorch_model_hub_mixin"),
    *("base_model:Qwen/Qwen3-8B", "base_model:quantized:Qwen/Qwen3-8B", "text-generation", "en"),
]
FILES = [
    *("README.md", "config.json", "model.safetensors", "pytorch_model.bin", "model.gguf", "weights.pt", "run.py"),
    *("training_args.bin", "openvino_model.bin", "tf_model.h5", "x.pkl", "notebook.ipynb", ".gitattributes"),
]
README = """---
license: mit
datasets: [org/set]
---
# A model
```python
from transformers import pipeline
```
## Training
It was trained on 10,000 hours of speech for 5 epochs. See https://github.com/org/repo and https://arxiv.org/abs/2401.00001
"""
dates = st.integers(0, 4000).map(lambda n: (AS_OF - timedelta(days=n)).isoformat() + "T10:00:00.000Z")
owners = st.sampled_from(["Qwen", "openai", "somebody", "0penai", "TheBloke", "google", "nobody-in-particular"])
model_names = st.sampled_from(["Qwen3-8B-GGUF", "whisper-large", "my-model", "bert-base", "llama-lora", "gpt2"])
levels = ["unscanned", "safe", "queued", "error", "caution", "suspicious", "unsafe"]
KEYS: dict[str, st.SearchStrategy[Any]] = {
    "tags": st.lists(st.sampled_from(TAGS), max_size=8, unique=True),
    "downloads": counts,
    "likes": counts,
    "spaces_count": st.integers(0, 100),
    "community": st.integers(0, 500),
    "pull_requests": st.integers(0, 200),
    "createdAt": dates | st.just("2022-03-02T23:29:04.000Z"),
    "lastModified": dates,
    "gated": st.sampled_from([False, True, "auto", "manual"]),
    "private": st.booleans(),
    "pipeline_tag": st.sampled_from(["text-generation", "image-to-text"]),
    "library_name": st.sampled_from(["transformers", "peft", "diffusers"]),
    "siblings": st.lists(st.sampled_from(FILES), max_size=6, unique=True).map(
        lambda names: [{"rfilename": name} for name in names]
    ),
    "config": st.sampled_from([{"model_type": "bert"}, {"auto_map": {"AutoModel": "m.Model"}}]),
    "securityRepoStatus": st.builds(
        lambda done, issues: {"scansDone": done, "filesWithIssues": issues},
        st.booleans(),
        st.lists(st.fixed_dictionaries({"path": st.sampled_from(FILES), "level": st.sampled_from(levels)}), max_size=2),
    ),
    "readme": st.sampled_from(["", README]),
    "cardData": st.sampled_from([{"license": "mit"}, {"base_model": ["Qwen/Qwen3-8B"]}, {"datasets": "org/set"}]),
    "_incomplete": st.just(["tags"]),
}


@st.composite
def hub(draw: st.DrawFn, /, **fixed: Any) -> dict[str, Any]:
    """Draw a record in the shape of the Hub's API, some keys of it collected; `fixed` keys are as given."""
    share = draw(st.integers(1, 4))
    record = {"id": f"{draw(owners)}/{draw(model_names)}"}
    record |= {key: draw(values) for key, values in KEYS.items() if draw(st.integers(0, 3)) < share}
    return record | fixed


# Records of any shape.

odd_numbers = st.one_of(
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.sampled_from([math.nan, math.inf, -math.inf, -1, 10**30, 10**400, -0.0]),
)
odd_text = st.one_of(
    st.text(max_size=20),
    st.text(st.characters(codec=None), max_size=20),
    st.sampled_from(["\ud800", "a\udfffb", "\x00", "﻿", "x" * 5000, "=1+1", "[red]", "2022-03-02", "1e400", "🤖", "‮"]),
)
odd = st.recursive(
    st.one_of(st.none(), st.booleans(), odd_numbers, odd_text),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(odd_text, inner, max_size=4),
    max_leaves=8,
)


@st.composite
def odd_records(draw: st.DrawFn) -> Any:
    """Draw a record some of whose keys hold anything that JSON can hold, or that is no record at all."""
    if draw(st.integers(0, 15)) == 0:
        return draw(odd)
    record: dict[str, Any] = draw(hub())
    more = (
        *KEYS,
        "id",
        "modelId",
        "_provenance",
        "readme_facts",
        "params",
        "safetensors",
        "gguf",
        "spaces",
        "evalResults",
    )
    names = st.sampled_from([*more, "model-index", "authorData", "securityStatus", "author", "baseModels"])
    for key in draw(st.lists(names, min_size=1, max_size=5, unique=True)):
        record[key] = draw(odd)
    if draw(st.booleans()):
        inner = draw(
            st.sampled_from(["rfilename", "level", "path", "filesWithIssues", "metadata", "sections", "isVerified"])
        )
        record[draw(names)] = draw(st.sampled_from([[{inner: draw(odd)}], {inner: draw(odd)}]))
    return record
