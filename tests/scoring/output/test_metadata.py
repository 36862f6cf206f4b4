"""What is to be copied into a card, once it is filled in, is what the facts are read from."""

from datetime import date

import pytest
import yaml

from data.models import facts
from scoring.output.metadata import HINTS, LINES, hints, metadata
from scoring.scorecards import MODEL

DAY = date(2026, 10, 8)
FILLED = {
    "LICENCE": "apache-2.0",
    "OWNER/DATASET": "allenai/c4",
    "METHOD": "sft",
    "OWNER/MODEL": "openai-community/gpt2",
    "OWNER/BENCHMARK": "openai/gsm8k",
    "BENCHMARK": "GSM8K",
    "METRIC": "accuracy",
    "MODEL": "mine",
    "TASK": "text-generation",
    "RESULT": "0.5",
}


def read(factors):
    text = metadata(factors)
    for word, value in FILLED.items():
        text = text.replace(word, value)
    return yaml.safe_load(text.strip("-\n"))


@pytest.mark.parametrize("factor", LINES)
def test_the_lines_of_a_factor_answer_its_question(factor):
    (fact, *_) = MODEL.factor(factor).reads
    record = {"id": "me/my-gguf", "tags": ["gguf"], "cardData": {"pipeline_tag": "text-generation"}, "siblings": []}
    assert facts.facts(record, DAY)[fact] is not True
    card = read([factor])
    tags = [*record["tags"], *card.get("tags", [])]
    assert facts.facts(record | {"cardData": card, "tags": tags}, DAY)[fact] is True


def test_several_become_one_head_of_a_card():
    card = read(LINES)
    assert list(card) == ["license", "datasets", "tags", "base_model", "metrics", "model-index"]
    assert card["model-index"][0]["results"][0]["metrics"] == [{"type": "accuracy", "value": 0.5}]
    text = metadata(LINES)
    assert text.startswith("---\nlicense: LICENCE\ndatasets:\n- OWNER/DATASET\n")
    assert text.endswith("\n---\n")
    assert [hint.partition(":")[0] for hint in hints(text)] == list(HINTS)


def test_what_no_metadata_answer_has_no_lines():
    assert metadata(["safetensors", "age"]) == ""
    assert hints("") == []
