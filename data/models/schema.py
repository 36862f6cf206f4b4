"""The facts of a model: every column of a snapshot, where it is read from, and how it is named to people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from data.shapes import as_dict, as_text

Dtype = Literal["string", "Int64", "boolean"]


@dataclass(frozen=True, slots=True)
class Fact:
    """What a column holds: its type, the record's keys it is read from, its words, and the page that shows it.

    The page lies below the model's own on the Hub, unless it is a whole address.
    """

    dtype: Dtype
    keys: tuple[str, ...]
    words: str
    page: str = ""

    def url(self, address: str) -> str:
        """Return the page that shows this fact of the model whose page on the Hub is at `address`."""
        return self.page if self.page.startswith("https://") else address + self.page


MOF, MTEB = "https://github.com/lfai/model_openness_tool", "https://github.com/embeddings-benchmark/mteb"

FACTS: Mapping[str, Fact] = {
    "owner": Fact("string", ("author", "tags"), "account that publishes the model"),
    "task": Fact("string", ("pipeline_tag",), "task that the model is made for"),
    "library": Fact("string", ("library_name",), "library that loads it"),
    "task_group": Fact("string", ("pipeline_tag", "library_name", "tags"), "group of tasks that it serves"),
    "license": Fact("string", ("tags", "cardData", "readme"), "licence as stated"),
    "base_model": Fact("string", ("tags", "cardData", "readme"), "model that it derives from, as stated"),
    "created": Fact("string", ("createdAt",), "day of creation"),
    "modified": Fact("string", ("lastModified",), "day of the last change"),
    "revision": Fact("string", ("sha",), "revision (commit) whose listing was read", "/commits/main"),
    "params": Fact("Int64", ("params", "safetensors", "gguf"), "number of parameters"),
    "downloads_30d": Fact("Int64", ("downloads",), "downloads in the last 30 days"),
    "downloads_not_counted": Fact("boolean", ("downloads",), "the Hub does not count its downloads"),
    "likes": Fact("Int64", ("likes",), "likes"),
    "spaces": Fact("Int64", ("spaces_total", "spaces_count", "spaces"), "Spaces that use it"),
    "spaces_at_least": Fact("boolean", ("spaces_total", "spaces_count", "spaces"), "the list of Spaces is full"),
    "papers": Fact("Int64", ("tags", "readme"), "distinct arXiv papers linked"),
    "papers_at_least": Fact("boolean", ("tags", "readme"), "the list of tags was cut short"),
    "github_repo": Fact(
        "boolean", ("paper_repos", "readme"), "the card or a paper links a GitHub repository", "/blob/main/README.md"
    ),
    "discussions": Fact("Int64", ("community",), "threads in the Community tab", "/discussions"),
    "pull_requests": Fact("Int64", ("pull_requests",), "pull requests", "/discussions"),
    "provider": Fact("Int64", ("id", "authorData", "established"), "owner: 2 official, 1 established, 0 neither"),
    "age_days": Fact("Int64", ("createdAt",), "days since creation"),
    "age_at_least": Fact("boolean", ("createdAt",), "created before the Hub kept dates"),
    "days_since_update": Fact("Int64", ("lastModified",), "days since the last change", "/commits/main"),
    "authorization": Fact("string", ("gated", "private"), "what a user must go through for access"),
    "gated": Fact("boolean", ("gated", "cardData", "readme"), "conditions must be accepted first"),
    "license_stated": Fact("boolean", ("tags", "cardData", "readme", "siblings"), "a licence is stated"),
    "license_stated_at_least": Fact(
        "boolean", ("tags", "cardData", "readme"), "only the metadata was searched for a licence"
    ),
    "license_in_metadata": Fact("boolean", ("tags", "cardData", "readme"), "the metadata states a licence"),
    "license_class": Fact("string", ("tags", "cardData", "readme"), "class of the licence"),
    "metric_info": Fact("boolean", ("cardData", "readme", "tags"), "metadata: metrics", "/blob/main/README.md"),
    "dataset_info": Fact("boolean", ("tags", "cardData", "readme"), "metadata: training data", "/blob/main/README.md"),
    "training_info": Fact("boolean", ("tags", "cardData", "readme"), "metadata: training", "/blob/main/README.md"),
    "evaluation_results": Fact(
        "boolean", ("tags", "cardData", "readme"), "metadata: evaluation results", "/blob/main/README.md"
    ),
    "card_topics": Fact(
        "Int64",
        ("readme",),
        "of data, training, evaluation and intended use, how many the README describes",
        "/blob/main/README.md",
    ),
    "base_model_info": Fact("boolean", ("tags", "cardData", "readme"), "the base model is stated"),
    "base_model_info_at_least": Fact(
        "boolean", ("tags", "cardData", "readme"), "only the metadata was searched for a base model"
    ),
    "base_model_in_metadata": Fact("boolean", ("tags", "cardData", "readme"), "the metadata states the base model"),
    "lineage": Fact("string", ("id", "tags"), "original or derivative"),
    "weight_formats": Fact("string", ("siblings", "tags"), "formats of the weight files", "/tree/main"),
    "unsafe_files": Fact("Int64", ("siblings", "tags"), "files that can run code", "/tree/main"),
    "unsafe_files_at_least": Fact("boolean", ("siblings", "tags"), "the file list was not seen", "/tree/main"),
    "unsafe_level": Fact("string", ("siblings", "tags"), "kind of the files that can run code", "/tree/main"),
    "training_args": Fact("boolean", ("siblings",), "training_args.bin is among the files", "/tree/main"),
    "hub_scan": Fact("string", ("securityRepoStatus",), "worst verdict of the Hub's scanners", "/tree/main"),
    "example_code": Fact("boolean", ("readme",), "the card shows its use in code", "/blob/main/README.md"),
    "remote_code": Fact(
        "boolean", ("tags", "config", "siblings", "readme"), "loading it runs code from its repository"
    ),
    "name_risk": Fact("string", ("id",), "risk that its name is mistaken for another's"),
    "looks_like": Fact("string", ("id",), "well-known owner or model that the name looks like"),
    "discussions_90d": Fact("Int64", ("community_90d",), "threads opened in the 90 days before", "/discussions"),
    "pull_requests_merged": Fact("Int64", ("pull_requests_merged",), "pull requests merged", "/discussions"),
    "citations": Fact("Int64", ("citations",), "citations of the papers that it links"),
    "descendants": Fact("Int64", ("descendants",), "models derived from it"),
    "context": Fact("Int64", ("context", "gguf"), "context length in tokens"),
    "openness": Fact(
        "string", ("osai", "mof", "mteb"), "furthest that is open: training data, training code, or the weights alone"
    ),
    "osai": Fact("string", ("osai",), "classes of the European Open Source AI Index", "https://osai-index.eu"),
    "mof": Fact("string", ("mof",), "components and licences by the Model Openness Framework", MOF),
    "mteb": Fact("string", ("mteb",), "what mteb states of its openness", MTEB),
    "results": Fact("string", ("evalResults", "model-index", "cardData"), "evaluation results with a number"),
    "results_by": Fact("string", ("evalResults", "model-index", "cardData"), "who reports its evaluation results"),
}
DTYPES: dict[str, Dtype] = {name: fact.dtype for name, fact in FACTS.items()}
# Facts that no factor reads, and that a reader wants to see beside the scorecard.
BESIDE: Mapping[str, str] = {
    "discussions_90d": "Threads of the last 90 days",
    "pull_requests_merged": "Merged pull requests",
    "citations": "Citations of its papers",
    "descendants": "Models derived from it",
}
# Facts that describe a model and that no factor reads: those who reviewed looked at few of all models.
DESCRIBED: Mapping[str, str] = {
    "params": "Parameters",
    "context": "Context length, in tokens",
    "openness": "Open",
    "osai": "European Open Source AI Index (Liesenfeld & Dingemanse 2024, CC BY 4.0)",
    "mof": "Components and licences, by the Model Openness Framework",
    "mteb": "As mteb describes it",
    "results": "Evaluation results",
    "revision": "Revision whose listing was read",
}


def failures(row: Mapping[str, Any], failed: object) -> dict[str, str]:
    """Return, for each fact that is unknown because a call failed, why; `failed` maps a record's keys to reasons."""
    if not (reasons := as_dict(failed)):
        return {}
    why = {name: next((as_text(reasons[k]) for k in fact.keys if k in reasons), None) for name, fact in FACTS.items()}
    return {name: reason for name, reason in why.items() if reason and row[name] is None}
