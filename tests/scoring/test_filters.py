"""Every filter keeps the models that it names, and what is unknown is not kept."""

from dataclasses import replace

import numpy as np
import pytest

from scoring.engine import score
from scoring.filters import LACKING
from scoring.ground import EVIDENCE, evidence
from scoring.scorecards import MODEL
from scoring.view import ModelView
from tests.records import frame

MODELS = frame(
    [
        {
            "id": "Qwen/Qwen3-8B",
            "owner": "Qwen",
            "provider": 2,
            "task": "text-generation",
            "task_group": "language",
            "license_class": "permissive",
            "params": 8_000_000_000,
            "context": 131_072,
            "results_by": "A board, its own card",
            "library": "transformers",
            "days_since_update": 92,
            "name_risk": "none",
        },
        {
            "id": "someone/qwen-[x]-ft",
            "owner": "someone",
            "provider": 0,
            "license_class": "custom",
            "params": 9 * 10**9,
        },
        {
            "id": "other/bert",
            "owner": "other",
            "provider": 1,
            "task": "fill-mask",
            "task_group": "vision",
            "context": 512,
            "library": "mlx",
            "days_since_update": 365,
            "name_risk": "high",
            "openness": "open_data",
        },
        {"id": "gpt2", "hub_scan": "unsafe"},
    ]
)


@pytest.mark.parametrize(
    ("view", "kept"),
    [
        ({}, [0, 1, 2, 3]),
        ({"search": "QWEN"}, [0, 1]),
        ({"search": "8b  qwen"}, [0]),
        ({"search": "[x]"}, [1]),
        ({"search": "  "}, [0, 1, 2, 3]),
        ({"search": "nothing like it"}, []),
        ({"task": ("fill-mask",)}, [2]),
        ({"task_group": ("language", "vision")}, [0, 2]),
        ({"task_group": ("speech",)}, []),
        ({"license": ("permissive",)}, [0]),
        ({"publisher": ("official",)}, [0]),
        ({"publisher": ("established",)}, [2]),
        ({"publisher": ("neither",)}, [1]),
        ({"publisher": ("SomeOne",)}, [1]),
        ({"publisher": ("nobody",)}, []),
        ({"search": "qwen", "license": ("custom",)}, [1]),
        ({"params": "8b"}, [0]),
        ({"params": "15b"}, [0, 1]),
        ({"context": "128k"}, [0]),
        ({"context": "1m"}, []),
        ({"openness": ("open_data",)}, [2]),
        ({"results_by": ("A board",)}, [0]),
        ({"results_by": ("its own card", "nobody")}, [0]),
        ({"task": ("fill-mask", "text-generation")}, [0, 2]),
        ({"license": ("permissive", "custom")}, [0, 1]),
        ({"publisher": ("official", "other")}, [0, 2]),
        ({"openness": ("open_data", "open_code")}, [2]),
        ({"library": ("mlx", "transformers")}, [0, 2]),
        ({"library": ("mlx",)}, [2]),
        ({"changed": "3m"}, [0]),
        ({"changed": "1y"}, [0, 2]),
        ({"memory": "24"}, [0, 1]),
        ({"memory": "16"}, []),
        ({"memory": "16", "bits": "8"}, [0, 1]),
        ({"memory": "8", "bits": "4"}, [0, 1]),
        ({"memory": "8", "bits": "8"}, []),
        ({"hide_flagged": True}, [0, 1]),
    ],
)
def test_each_filter_says_whom_it_leaves_out(view, kept):
    out = ModelView(**view).left_out(MODELS)
    assert set(out) == {n for n, value in view.items() if n != "bits" and (value is True or "".join(value).strip())}
    gone = np.logical_or.reduce([*out.values(), np.zeros(len(MODELS), dtype=bool)])
    assert list(np.flatnonzero(~gone)) == kept


def test_memory_counts_parameters_bits_and_a_fifth_more():
    edge = frame([{"params": n} for n in (3_333_333_333, 3_333_333_334, None)])
    out = ModelView(memory="8").left_out(edge)["memory"]
    assert list(out) == [False, True, True]


@pytest.mark.parametrize(
    ("levels", "kept"),
    [(("whole_dossier",), [0]), (("card_and_files",), [1]), (("listing", "whole_dossier"), [0, 2, 3])],
)
def test_evidence_is_the_known_share_of_the_full_scorecard(levels, kept):
    scores = replace(score(MODEL, MODELS), evidence=np.array([0.8, 0.79, 0.49, np.nan]))
    out = ModelView(evidence=levels).left_out(MODELS, scores)["evidence"]
    assert list(np.flatnonzero(~out)) == kept
    assert [evidence(share) for share in (0.8, 0.79, 0.49)] == [*EVIDENCE]


def test_what_is_said_of_the_unknown_is_of_facts_that_filters_go_by():
    facts = {key.fact for key in ModelView.keys().values() if key.keeps and key.fact}
    assert facts == set(LACKING) <= set(MODELS)
