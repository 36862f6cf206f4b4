"""Every filter keeps the models that it names, and what is unknown is not kept."""

import numpy as np
import pytest

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
            "results_by": "A board",
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
            "openness": "open_data",
        },
        {"id": "gpt2"},
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
        ({"task": "fill-mask"}, [2]),
        ({"task_group": ("language", "vision")}, [0, 2]),
        ({"task_group": ("speech",)}, []),
        ({"license": "permissive"}, [0]),
        ({"publisher": "official"}, [0]),
        ({"publisher": "established"}, [2]),
        ({"publisher": "neither"}, [1]),
        ({"publisher": "SomeOne"}, [1]),
        ({"publisher": "nobody"}, []),
        ({"search": "qwen", "license": "custom"}, [1]),
        ({"params": "8b"}, [0]),
        ({"params": "15b"}, [0, 1]),
        ({"context": "128k"}, [0]),
        ({"context": "1m"}, []),
        ({"openness": "open_data"}, [2]),
        ({"results_by": "A board"}, [0]),
    ],
)
def test_each_filter_says_whom_it_leaves_out(view, kept):
    out = ModelView(**view).left_out(MODELS)
    assert set(out) == {name for name, value in view.items() if "".join(value).strip()}
    gone = np.logical_or.reduce([*out.values(), np.zeros(len(MODELS), dtype=bool)])
    assert list(np.flatnonzero(~gone)) == kept
