"""What a card says: small cards written for each rule, every answer by hand; and text that nobody should send."""

import json
import string

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from data.platforms.hub import card
from data.platforms.hub.card import (
    finite,
    known_keys,
    named_dataset,
    named_model,
    own_repository,
    read_card,
    read_metadata,
)
from data.platforms.hub.card_text import TOPICS

FULL = """---
license: Apache-2.0
license_name: plain
base_model:
  - acme/Base-7B
datasets: acme/corpus
metrics: [accuracy, name: f1]
language: no
library_name: transformers
pipeline_tag: text-generation
tags: [a, b, A]
model-index:
- name: tiny
  results:
  - task: {type: text-generation}
    metrics:
    - {type: accuracy, value: 0}
---
# Tiny, a model with training in its title

A short text. Code at [GitHub](https://github.com/Acme/Tiny.git), weights run in
https://github.com/huggingface/transformers and `git clone git@github.com:acme/tiny-data`.
Paper: https://arxiv.org/abs/2401.01234v2, https://huggingface.co/papers/2401.01234, arxiv.org/pdf/cs/0112017.

## Training data
We took 3,000 recipes.

## Evaluation
Accuracy is 71.2 on our own test.

```python
from tiny import Model
```
"""
NOTHING = dict.fromkeys(TOPICS, False)


def test_a_whole_card():
    assert read_card(FULL) == {
        "metadata": {
            "license": ["apache-2.0"],
            "license_name": "plain",
            "license_link": None,
            "library_name": "transformers",
            "pipeline_tag": "text-generation",
            "base_model": ["acme/Base-7B"],
            "datasets": ["acme/corpus"],
            "metrics": ["accuracy", "f1"],
            "language": ["no"],  # Norwegian, not False
            "tags": ["a", "b"],
            "gate": False,
            "results": True,
        },
        "example_code": True,
        "trust_remote_code": False,
        "code_repos": ["Acme/Tiny"],
        "github_repos": ["Acme/Tiny", "acme/tiny-data"],
        "tool_repos": ["huggingface/transformers"],
        "arxiv": ["2401.01234", "cs/0112017"],
        "sections": NOTHING | {"datasets": True, "evaluation": True, "metrics": True},
        "complete": True,
    }


@pytest.mark.parametrize("text", [None, 3, [], {}, "", "   ", "---", "---\n---", b"", b"\xff\xfe", object()])
def test_what_is_no_card_reads_as_an_empty_one(text):
    facts = read_card(text)
    assert facts["sections"] == NOTHING
    assert facts["github_repos"] == facts["tool_repos"] == facts["arxiv"] == []
    assert facts["example_code"] is False
    assert facts["complete"] is True
    assert facts["metadata"] == read_metadata(None)


def test_bytes_and_odd_beginnings_read_the_same():
    for text in (FULL.encode(), "\ufeff" + FULL, "\n\n" + FULL, FULL.replace("\n", "\r\n")):
        assert read_card(text) == read_card(FULL)


@pytest.mark.parametrize(
    ("front", "key", "value"),
    [
        ("license: [MIT, apache-2.0]", "license", ["mit", "apache-2.0"]),
        ("license: null", "license", []),
        ("license: {id: mit}", "license", ["mit"]),
        ("license_name: [a, b]", "license_name", "a"),
        ("base_model: 7", "base_model", ["7"]),
        ("datasets:\n- name: x\n- [y, z]\n- {q: r}\n- ''", "datasets", ["x", "y"]),
        ("tags: 2024-01-01", "tags", ["2024-01-01"]),
        ("tags: [x, X, x]", "tags", ["x"]),
        ("tags: &t wine\nlicense: *t", "license", ["wine"]),
        ("model-index: {name: a, results: [{metrics: [{value: 1}]}]}", "results", True),
        ("model-index:\n- name: a\n  results: []", "results", False),
        ("model-index:\n- name: a\n  results: [{task: {type: x}}]", "results", False),
        ("model-index: 3", "results", False),
        ("license: mit", "results", None),
        ("model-index: [{results: [{metrics: [{value: .nan}]}]}]", "results", False),
        ("model-index: [{results: [{metrics: [{value: N/A}, {value: 71.3%}]}]}]", "results", True),
        # keys as people write them
        ("licence: MIT", "license", ["mit"]),
        ("License: MIT", "license", ["mit"]),
        ("LICENCE_NAME: acme", "license_name", "acme"),
        ("Base_Model: acme/base", "base_model", ["acme/base"]),
        ("dataset: acme/corpus", "datasets", ["acme/corpus"]),
        ("licence: MIT\nlicense: gpl-3.0", "license", ["gpl-3.0"]),
        ("licence: license", "license", []),  # what a trainer's template writes
        ("extra_gated_prompt: Agree first", "gate", True),
        ("Extra_Gated_Fields: {name: text}", "gate", True),
        # presence is not content
        ("license: '[More Information Needed]'", "license", []),
        ("license: TBD", "license", []),
        ("datasets: [imagefolder, squad, ./data, json, acme/corpus]", "datasets", ["squad", "acme/corpus"]),
        ("datasets: train.csv", "datasets", []),
        ("base_model: /home/me/base", "base_model", []),
        ("base_model: checkpoints/last", "base_model", []),
        ("base_model: https://huggingface.co/acme/base", "base_model", ["acme/base"]),
        ("metrics: [accuracy, N/A]", "metrics", ["accuracy"]),
    ],
)
def test_front_matter_of_any_shape(front, key, value):
    assert read_card(f"---\n{front}\n---\nText.")["metadata"][key] == value


@pytest.mark.parametrize(
    "front",
    [
        "license: [mit",
        "- a\n- b",
        "just words",
        "a: b: c",
        "'",
        "\t- x",
        "%YAML 9",
        "!!python/object:os.system {}",
        "*x",
    ],
)
def test_front_matter_that_is_no_mapping_says_nothing(front):
    assert read_card(f"---\n{front}\n---\nText.")["metadata"] == read_metadata(None)


def test_an_alias_bomb_stays_small():
    bomb = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    front = "\n".join([*bomb, "license: mit", "tags: *a39"])
    metadata = read_card(f"---\n{front}\n---\n")["metadata"]
    assert metadata["license"] == ["mit"]
    assert metadata["tags"] == []


@pytest.mark.parametrize("unit", ["[", "{", "- ", "? ", "{a: ", "&a ", "*a ", "a: ", "!", "|\n", '"', "1:", "---\n"])
@pytest.mark.parametrize("loader", ["BaseLoader", "CBaseLoader"])
def test_hostile_yaml_ends(unit, loader, monkeypatch):
    monkeypatch.setattr(card, "_LOADER", getattr(yaml, loader, yaml.BaseLoader))
    assert read_card(f"---\n{unit * 10_000}\n---\nText.")["metadata"]["license"] == []


def test_a_card_cut_short_says_so():
    assert read_card("---\nlicense: mit\ntags:\n- a")["complete"] is False
    assert read_card("Text.\n\n[Content truncated...]")["complete"] is False
    assert read_card("a" * (card.MAX_BODY + 1))["complete"] is False
    assert read_card("a" * card.MAX_BODY)["complete"] is True
    assert read_card("---\n\nA rule and a text, no front matter.")["complete"] is True


@pytest.mark.parametrize(
    ("text", "repos"),
    [
        ("https://github.com/A/b. https://github.com/a/B/tree/main (github.com/c/d).", ["A/b", "c/d"]),
        ("https://raw.githubusercontent.com/a/b/main/x.png www.github.com/a/b?tab=x", ["a/b"]),
        ("git@github.com:a/b.git http://github.com/c/d.git#x", ["a/b", "c/d"]),
        ("https://gist.github.com/a/123 https://docs.github.com/en/rest https://a.github.io/b", []),
        (
            "https://github.com/features/actions https://github.com/sponsors/a https://github.com/user-attachments/assets/1",
            [],
        ),
        ("https://github.com/a https://github.com/a/ https://github.com/a/.. github.com/<owner>/<repo>", []),
        ("https://github.com/your-username/your-repo notgithub.com/a/b", []),
        ("<!-- https://github.com/a/b --> https://github.com/c/d", ["c/d"]),
        ("https://github.com/c/d <!-- never closed", ["c/d"]),
        ("```\ngit clone https://github.com/a/b\n```", ["a/b"]),
    ],
)
def test_repositories(text, repos):
    assert read_card(text)["github_repos"] == repos


def test_tools_are_no_repositories_of_the_model():
    facts = read_card("https://github.com/ggerganov/llama.cpp https://github.com/vLLM-project/vllm.git github.com/a/b")
    assert facts["github_repos"] == ["a/b"]
    assert facts["tool_repos"] == ["ggerganov/llama.cpp", "vLLM-project/vllm"]


@pytest.mark.parametrize(
    ("text", "own"),
    [
        # linked as its code
        ("Code: https://github.com/org/thing", True),
        ("See our [GitHub repository](https://github.com/org/thing).", True),
        (
            "[![Stars](https://img.shields.io/x)](https://github.com/org/thing) [Code](https://github.com/org/thing)",
            True,
        ),
        ('<a href="https://github.com/org/thing">Source code</a>', True),
        ("项目主页 https://github.com/org/thing", True),
        # its name, or its owner's
        ("Read https://github.com/somebody/Tiny-7B first.", True),
        ("Read https://github.com/quiet-reef/things first.", True),
        ("Read https://github.com/quietreef-lab/things first.", True),
        # a tool, in the table or not
        ("Code: https://github.com/huggingface/trl", False),
        ("Trained with [NewTool](https://github.com/new/tool).", False),
        ("Quantized using https://github.com/new/quantizer", False),
        ("Converted by [this code](https://github.com/new/converter).", False),
        ("It outperforms [Other](https://github.com/other/model).", False),
        # a picture or a badge
        ('<img src="https://raw.githubusercontent.com/org/assets/main/badge.svg"/>', False),
        ("Code ![logo](https://raw.githubusercontent.com/org/code/main/logo.png)", False),
        ("No link.", False),
    ],
)
def test_a_repository_is_the_models_own_by_name_or_by_the_words_around_it(text, own):
    assert own_repository(read_card(text), "quiet-reef/tiny-7b") is own


def test_a_tools_repository_is_its_makers_own():
    facts = read_card("Use https://github.com/speechbrain/speechbrain")
    assert own_repository(facts, "speechbrain/asr")
    assert not own_repository(facts, "speechbrains/asr")
    assert not own_repository({"github_repos": ["a/b", 3, None], "tool_repos": "x"}, "")


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Needs `trust_remote_code=True`.", True),
        ("```\nAutoModel.from_pretrained('x', trust_remote_code=True)\n```", True),
        ("vllm serve x --trust-remote-code", True),
        ("It runs with trust_remote_code=False.", False),
        ("It has no use for trust_remote_code.", False),
    ],
)
def test_a_card_asks_for_remote_code(text, asked):
    assert read_card(text)["trust_remote_code"] is asked


@pytest.mark.parametrize(
    ("value", "number"),
    [
        *((number, True) for number in (0, 0.5, "71.3", "15.88%", "~3", [1, 2], {"f1": 0.1})),
        *((none, False) for none in (None, "", "N/A", "TBD", "nan", float("nan"), float("inf"), True, ["x"], [[1]])),
    ],
)
def test_a_result_is_a_finite_number(value, number):
    assert finite(value) is number


@pytest.mark.parametrize(
    "name", ["/data/x", "./x", "../x", "~/x", "C:\\x", "a/b/c", "s3://a/b", "outputs/x", "unknown", "N/A"]
)
def test_a_path_or_a_placeholder_names_nothing(name):
    assert named_model(name) is named_dataset(name) is None


def test_what_names_something_is_kept_as_it_stands():
    assert named_model("meta-llama/Llama-3.1-8B") == "meta-llama/Llama-3.1-8B"
    assert named_model("gpt2") == "gpt2"
    assert named_dataset("squad") == "squad"
    assert named_dataset("hf.co/datasets/acme/corpus") == "acme/corpus"


def test_the_hubs_own_spelling_of_a_key_wins():
    assert known_keys({"Licence": "a", "license": "b", "LICENSE": "c"}) == {"license": "b"}
    assert known_keys("license: mit") == known_keys(None) == {}


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("arxiv.org/abs/2401.00001v3 https://www.arxiv.org/pdf/2401.00001.pdf", ["2401.00001"]),
        ("https://arxiv.org/html/0704.0001 https://hf.co/papers/2312.11805", ["0704.0001", "2312.11805"]),
        ("arxiv.org/abs/hep-th/9901001v1 arxiv.org/abs/math.GT/0309136", ["hep-th/9901001", "math.gt/0309136"]),
        ("arxiv.org/abs/2413.00001 arxiv.org/abs/2401.123456 arxiv:2401.00002 alphaxiv.org/abs/2401.00003", []),
    ],
)
def test_papers(text, ids):
    assert read_card(text)["arxiv"] == ids


@given(st.text())
@settings(max_examples=300)
def test_no_text_raises(text):
    for candidate in (text, f"---\n{text}\n---\n{text}", f"# Training\n{text}", f"```{text}\n{text}"):
        facts = read_card(candidate)
        assert set(facts["sections"]) == set(TOPICS)
        json.dumps(facts).encode()


MARKUP = st.text("#*-_`~|<>[]()!:/.=\n\t >@{}&'\"" + string.ascii_lowercase[:4] + "9训练据", max_size=200)


@given(st.lists(st.one_of(MARKUP, st.sampled_from(["training", "github.com/", "based on ", "```", "---", "<pre>"]))))
def test_no_markup_raises(parts):
    json.dumps(read_card("".join(parts))).encode()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["license", "tags", "datasets", "model-index", "license_name", "x"]), JSON))
def test_no_metadata_raises(metadata):
    front = read_card(f"---\n{json.dumps(metadata)}\n---\n")["metadata"]
    assert front.keys() == read_metadata(metadata).keys() == read_metadata(None).keys()
    assert all(isinstance(word, str) and word == word.strip() for word in front["license"] + front["tags"])
    json.dumps(front, allow_nan=False).encode()


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=50))
def test_prose_is_never_kept(text):
    facts = read_card(f"Something said {text}")
    assert "Something" not in json.dumps(facts)


RUNS = ["trained on on ", "gguf a.b ", "merged a b ", "# training\n", "|9.9|mmlu|\n", "<!--", "![", "](", "<img "]
RUNS += [
    "`",
    "```\n",
    "github.com/a/",
    "**a**: b\n",
    "a\n===\n",
    "<pre",
    "</",
    "f1 9.9 ",
    "训练数据",
    " ",
    "a",
    "9",
    "> ",
    "_",
    "is a ",
    "![evaluation",
    "\n",
]


@pytest.mark.parametrize("unit", RUNS)
def test_long_runs_end(unit):
    for before in ("", "# training\n", "|"):
        facts = read_card(before + unit * (40_000 // len(unit)))
        assert set(facts["sections"]) == set(TOPICS)
