"""What a model card says, as small facts without any of its prose.

Reads the README.md text of a Hub repository: YAML front matter, Markdown, HTML. Nothing here raises or follows a
reference: the text is cut, no pattern nests repeats, and YAML is read as a stream of events, so that an alias is never
expanded and nesting never recurses. Shapes: hub-docs modelcard.md, and the cards of 408 models for what it omits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import yaml

from data.platforms.hub.card_text import read_text

MAX_TEXT: Final = 1_000_000
MAX_FRONT: Final = 800_000  # the results of one embedding model can pass 100,000
MAX_BODY: Final = 200_000
MAX_DEPTH: Final = 40
MAX_ITEMS: Final = 200
MAX_STRING: Final = 200

# Runtimes, trainers and evaluators that cards of many owners link to: a link to them is no repository of the model.
# Counted over the owners of the bundle's 408 cards, and completed by what card templates link to (Trainer, TRL,
# Unsloth, mergekit, axolotl, timm, Sentence Transformers, MLX, the publishers of GGUF and GPTQ files). Left out: what
# many link to but some models call their own (CompVis/stable-diffusion, openai/CLIP, pytorch/fairseq, NVIDIA/NeMo).
TOOL_REPOS: Final = frozenset(
    """
    huggingface/transformers huggingface/diffusers huggingface/peft huggingface/trl huggingface/accelerate
    huggingface/datasets huggingface/optimum huggingface/tokenizers huggingface/safetensors huggingface/candle
    huggingface/transformers.js xenova/transformers.js huggingface/huggingface_hub huggingface/alignment-handbook
    huggingface/text-generation-inference huggingface/text-embeddings-inference huggingface/pytorch-image-models
    rwightman/pytorch-image-models huggingface/sentence-transformers ukplab/sentence-transformers huggingface/setfit
    ggml-org/llama.cpp ggerganov/llama.cpp ggml-org/whisper.cpp ggerganov/whisper.cpp ggerganov/ggml
    abetlen/llama-cpp-python lostruins/koboldcpp oobabooga/text-generation-webui ollama/ollama mozilla-ocho/llamafile
    vllm-project/vllm sgl-project/sglang nvidia/tensorrt-llm internlm/lmdeploy ml-explore/mlx ml-explore/mlx-lm
    ml-explore/mlx-examples microsoft/onnxruntime openvinotoolkit/openvino pytorch/pytorch gradio-app/gradio
    comfyanonymous/comfyui comfy-org/comfyui automatic1111/stable-diffusion-webui
    dao-ailab/flash-attention hazyresearch/flash-attention facebookresearch/xformers
    unslothai/unsloth hiyouga/llama-factory axolotl-ai-cloud/axolotl openaccess-ai-collective/axolotl
    microsoft/deepspeed deepspeedai/deepspeed arcee-ai/mergekit cg123/mergekit kohya-ss/sd-scripts
    timdettmers/bitsandbytes bitsandbytes-foundation/bitsandbytes autogptq/autogptq panqiwei/autogptq
    casper-hansen/autoawq mit-han-lab/llm-awq turboderp/exllama turboderp/exllamav2
    eleutherai/lm-evaluation-harness embeddings-benchmark/mteb
    """.split()
)
_NO_OWNERS: Final = frozenset(
    """about apps codespaces collections contact customer-stories enterprise events explore features issues join login
    marketplace new notifications orgs organizations pricing pulls search security settings signup site sponsors stars
    topics trending user-attachments users
    your-username your-org your-repo yourusername your_username username user owner""".split()
)
_GITHUB: Final = re.compile(
    r"(?<![\w.-])(?:www\.)?(?:raw\.githubusercontent\.com/|github\.com[/:])([A-Za-z0-9][A-Za-z0-9-]{0,38})/([\w.-]{1,100})",
    re.ASCII,
)
_ARXIV: Final = re.compile(
    r"(?<![\w-])(?:arxiv\.org/(?:abs|pdf|html)/|huggingface\.co/papers/|hf\.co/papers/)"
    r"(\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}(?!\d)|[a-z-]{2,12}(?:\.[a-z]{2})?/\d{7}(?!\d))",
    re.IGNORECASE | re.ASCII,
)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u200b\ufeff\ufffe\uffff]")
# The end that the crawl behind the bundled records gives to a card of more than 100,000 characters.
_CUT_MARK: Final = "[Content truncated...]"
_LOADER: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_ONE: Final = ("license_name", "license_link", "library_name", "pipeline_tag")
_MANY: Final = ("base_model", "datasets", "metrics", "language", "tags")


def read_card(text: object) -> dict[str, Any]:
    """The facts of one card. `text`: the README as str (or UTF-8 bytes); anything else reads as an empty card.

    Keys: metadata (see read_metadata), example_code (bool), github_repos and tool_repos ("owner/repo", first spelling,
    in order), arxiv (ids), sections ({topic: bool}), complete (bool: False if the text was cut short, so that what
    was not found is unknown rather than absent). Never raises.
    """
    source = text.decode("utf-8", "replace") if isinstance(text, bytes) else text if isinstance(text, str) else ""
    card = _CONTROL.sub("", source[:MAX_TEXT].replace("\r\n", "\n").replace("\r", "\n"))
    front, body, closed = _split(card)
    whole = closed and len(source) <= MAX_TEXT and len(body) <= MAX_BODY and not card.rstrip().endswith(_CUT_MARK)
    body = _without_comments(body[:MAX_BODY])
    example_code, sections = read_text(body)
    repos = _distinct(_repos(body))
    return {
        "metadata": read_metadata(_tree(front) if closed and len(front) <= MAX_FRONT else None),
        "example_code": example_code,
        "github_repos": [repo for repo in repos if repo.lower() not in TOOL_REPOS],
        "tool_repos": [repo for repo in repos if repo.lower() in TOOL_REPOS],
        "arxiv": _distinct(match[1].lower() for match in _ARXIV.finditer(body)),
        "sections": sections,
        "complete": whole,
    }


def links_repository(text: str) -> bool:
    """Whether a card certainly links a repository of code, without reading the rest of it."""
    return any(repo.lower() not in TOOL_REPOS for repo in _repos(_without_comments(text[:MAX_BODY])))


def _split(card: str) -> tuple[str, str, bool]:
    """Front matter, body, and whether the front matter that was opened is closed."""
    lines = card.lstrip().split("\n")
    if lines[0].rstrip() != "---":
        return "", card, True
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() == "---":
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), True
    if len(lines) > 1 and re.match(r"[\w-]{1,60}:", lines[1]):
        return "\n".join(lines[1:]), "", False
    return "", card, True


def _without_comments(body: str) -> str:
    kept, start = [], 0
    while (opened := body.find("<!--", start)) >= 0 and (closed := body.find("-->", opened)) >= 0:
        kept.append(body[start:opened])
        start = closed + 3
    return "".join([*kept, body[start:]])


def _distinct(names: Iterable[str]) -> list[str]:
    """Without repeats (whatever their case), in order, the first MAX_ITEMS."""
    seen: dict[str, str] = {}
    for name in names:
        seen.setdefault(name.lower(), name)
    return list(seen.values())[:MAX_ITEMS]


def _repos(body: str) -> Iterator[str]:
    for owner, name in _GITHUB.findall(body):
        repo = name.rstrip("._-").removesuffix(".git").rstrip("._-")
        if repo and owner.lower() not in _NO_OWNERS:
            yield f"{owner}/{repo}"


def read_metadata(front: object) -> dict[str, Any]:
    """The metadata of a card (front matter once parsed, or the Hub's cardData): lists of str, str or None, results.

    Keys: license, base_model, datasets, metrics, ... (lists), license_name, library_name, ... (str or None),
    has_model_index and model_index_metrics (bool). Anything but a mapping reads as empty metadata. Never raises.
    """
    card: Mapping[str, Any] = front if isinstance(front, Mapping) else {}
    results = [result for key in ("model-index", "model_index", "eval_results") for result in _results(card.get(key))]
    return {
        "license": [word.lower() for word in _strings(card.get("license"))],
        **{key: next(iter(_strings(card.get(key))), None) for key in _ONE},
        **{key: _strings(card.get(key)) for key in _MANY},
        "has_model_index": bool(results),
        "model_index_metrics": any(_has_metric(result) for result in results),
    }


def _tree(front: str) -> Any:
    """YAML read as str, list and dict only (`no` stays "no", a date its text); None if it is not valid YAML."""
    stack: list[Any] = [[]]
    keys: list[str | None] = [None]
    anchors: dict[str, str] = {}
    try:
        for event in yaml.parse(front, Loader=_LOADER):
            match event:
                case yaml.ScalarEvent():
                    value: Any = event.value
                    anchors[event.anchor or ""] = value
                case yaml.AliasEvent():
                    value = anchors.get(event.anchor or "", "")  # a scalar's only: a larger one is a bomb's fuse
                case yaml.SequenceStartEvent():
                    value = []
                case yaml.MappingStartEvent():
                    value = {}
                case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                    stack.pop()
                    keys.pop()
                    continue
                case _:
                    continue
            _put(stack[-1], keys, value)
            if isinstance(value, list | dict):
                stack.append(value)
                keys.append(None)
            if len(stack) > MAX_DEPTH:
                return None
    except (yaml.YAMLError, ValueError, LookupError, TypeError, AttributeError):
        return None
    return stack[0][0] if stack[0] else None


def _put(parent: Any, keys: list[str | None], value: Any) -> None:
    if isinstance(parent, list):
        parent.append(value)
    elif (key := keys[-1]) is None:
        keys[-1] = value if isinstance(value, str) else ""
    else:
        parent[key] = value
        keys[-1] = None


def _strings(value: Any) -> list[str]:
    """Any shape as clean, short, distinct strings; of a mapping its name, id or type."""
    words = (_CONTROL.sub("", _word(item)).strip()[:MAX_STRING] for item in _listed(value))
    return _distinct(word for word in words if word.lower() not in {"", "~", "null", "none"})


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _word(item: Any) -> str:
    while isinstance(item, list | dict):
        choices = item if isinstance(item, list) else [item[key] for key in ("name", "id", "type") if key in item]
        item = choices[0] if choices else ""
    return item if isinstance(item, str) else ""


def _results(index: Any) -> Iterator[dict[str, Any]]:
    """The results of a model-index, which old cards give as a mapping instead of a list."""
    for entry in _listed(index):
        results = entry.get("results") if isinstance(entry, dict) else None
        yield from (result for result in _listed(results) if isinstance(result, dict) and result)


def _has_metric(result: dict[str, Any]) -> bool:
    metrics = _listed(result.get("metrics"))
    return any(isinstance(metric, dict) and metric.get("value") not in (None, "") for metric in metrics)
