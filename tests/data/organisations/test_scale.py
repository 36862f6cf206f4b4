"""The size in a model's name, and where a size comes from."""

import pytest

from data.organisations import scale
from data.organisations.month import described, load

STATED = {
    "Qwen2.5-7B-Instruct": 7e9,
    "qwen3-0.6b": 0.6e9,
    "Mixtral-8x7B-v0.1": 56e9,
    "tiny-1.3M": 1.3e6,
    "llama.7b": 7e9,
    "x-1.8T-A3B": 1.8e12,
    "Qwen3-30B-A3B": 30e9,
    "bloom-7b1": 7.1e9,
    "stablelm-2-1_6b": 1.6e9,
    "Llama-3_8B": 8e9,
    "orca_mini_v9_5_1B": 1e9,
    "m2m100_418M": 418e6,
    "esm2_t48_15B_UR50D": 15e9,
    "OLMo-7B-Twin-2T": 7e9,  # trained on two trillion tokens
    "TinyLlama-1.1B-intermediate-step-1431k-3T": 1.1e9,
    "Qwen2.5-7B-Instruct-1M": 7e9,  # a million tokens of context
    "Sana_600M_512px": 600e6,
    "llama-7b-4bit": 7e9,
    "GLM-4.5V": None,
}
NOTHING = [
    *("model-v3", "model-2407", "w-int8", "Phi-3-128k", "chat-32k", "q4_0", "x-4bit", "x-512px", "video-h264"),
    *("Qwen1.5-MoE-A2.7B", "Llama-4-Maverick-17B-128E", "gemma-3n-E2B", "OLMoE-1B-7B-0924", "0B"),
    *("CLIP-ViT-g-14-laion2B-s12B", "DFN2B-CLIP-ViT-L-14-39B", "siglip-so400m", "dclm-100B-tokens"),
    *("finemath-ablation-3plus-160B", "Qwen3-235B-A22B-EAGLE3", "data2vec-audio-base-10m", "wav2vec2-base-960h"),
    *("SAM2.1-b", "yolov8m", "ViT-B-16", "seamless-m4t-v2", ""),
]


@pytest.mark.parametrize(("name", "parameters"), [*STATED.items(), *((name, None) for name in NOTHING)])
def test_the_size_in_a_name(name, parameters):
    assert scale.in_name(name) == (None if parameters is None else round(parameters))


def test_a_counted_size_comes_before_that_of_a_name():
    assert scale.size("Deepseek", "DeepSeek-V3", 671, "2026-01-02") == (671, "its platform", "2026-01-02")
    tabled = scale.size("MistralAI", "Mixtral-8x22B-Instruct-v0.1")
    assert tabled == (140_630_071_296, "safetensors, by hub-stats", "2026-05-20")
    assert scale.size("Nobody", "x-7B") == (7 * 10**9, scale.NAME, "")
    assert scale.size("Nobody", "x") is None


def test_packed_weights_are_not_counted_as_parameters():
    assert scale.size("Ali", "Qwen2-7B-Instruct-GPTQ-Int4", 1_500_000_000) == (7 * 10**9, scale.NAME, "")
    assert scale.size("Ali", "some-model-AWQ", 1_500_000_000) is None


def test_three_in_five_models_of_the_newest_month_have_a_size():
    rows = described(load()).repositories.select(["kind", "org", "name", "parameters"]).to_pylist()
    models = {(row["org"], row["name"]): row["parameters"] for row in rows if row["kind"] == "model"}
    known = [key for key, size in models.items() if size]
    assert len(known) >= 0.6 * len(models)
    assert len({org for org, _ in known}) == len({org for org, _ in models}) == 31
