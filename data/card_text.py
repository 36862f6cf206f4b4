"""What the Markdown of a model card shows: code for use, and which topics it tells about.

A topic counts if a heading (ATX, setext, HTML, a bold line or label) names it and something stands under it, or if a
sentence or table says it outright. Every pattern is bounded and runs over pieces of at most MAX_SENTENCE characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

MAX_SENTENCE: Final = 500
TOPICS: Final = ("training", "evaluation", "datasets", "metrics", "base_model")

_FENCE: Final = re.compile(r"[ \t>]{0,40}(?:(?:[-*+]|\d{1,3}[.)])[ \t]{1,8})?(`{3,}|~{3,})([^`\n]*)$")
_ONE_LINE: Final = re.compile(r"[ \t]{0,40}```([^`\n]+)```")
_PRE: Final = re.compile(r"[ \t]{0,40}<pre\b[^>\n]{0,200}>(.*)", re.IGNORECASE)
_TAG: Final = re.compile(r"</?(?!img)[a-z][^<>\n]{0,300}>", re.IGNORECASE)
_USE_LANGUAGES: Final = frozenset(
    "python py python3 pycon ipython bash sh shell zsh console shell-session terminal cmd bat powershell ps1 js"
    " javascript node ts typescript jsx tsx java kotlin swift go golang rust c cpp c++ csharp cs ruby php julia dart r"
    " docker dockerfile curl cli".split()
)
_OTHER_LANGUAGES: Final = frozenset(
    "bibtex bib bibtext latex tex json jsonl json5 yaml yml toml ini xml html css csv markdown md diff jinja mermaid".split()
)
# The first line of what is no use of a model: a citation, a JSON value, a directory tree.
_NO_CODE: Final = re.compile(r"\s{0,80}(?:@\w{1,30}\s{0,4}\{|[{\[]\s*$|[{\[]\s{0,9}[\"'{\[]|.{0,80}[├└│])")
_CODE_LINE: Final = re.compile(
    r"\s{0,40}(?:>>>\s?|[$%!]\s?)?(?:"
    r"(?:sudo |uv |uvx |[A-Z_]{3,30}=\S{1,80} ){0,3}(?:pip3?|python3?|conda|mamba|poetry|git|docker|podman|curl|wget|ollama|vllm|"
    r"huggingface-cli|hf|transformers|transformers-cli|accelerate|torchrun|deepspeed|npm|npx|yarn|pnpm|node|cargo|brew|"
    r"apt|apt-get|llama-cli|llama-server|llama-run|mlx_lm\.\w{1,20}|optimum-cli|mistral-chat|lms|bash|\./[\w./-]{1,60})\s{1,4}[\w\"'./-]"
    r"|from\s[\w.]{1,80}\simport\s|import\s[\w.{*]|def\s\w{1,60}\(|(?:const|let|var)\s\w{1,60}\s?=|#include|print\("
    r"|[\w.,\s]{1,60}=\s?(?:await\s|new\s)?[\w.]{1,80}\(|[\w.]{1,80}\.from_pretrained\()"
)

_ATX: Final = re.compile(r"\s{0,3}>?\s{0,3}(?:(#)\s+|(#{2,6})\s*)(\S.*)")
_HTML: Final = re.compile(r"<(?:h([1-6])|(summary))\b[^>\n]{0,300}>(.*)", re.IGNORECASE)
_BOLD: Final = re.compile(r"\s*(?:[-*+•>]\s+|\d{1,3}[.)]\s+)?(?:\*{2,3}|__|<b>|<strong>)([^*_<\n]{2,100})(?:\*{2,3}|__|</b>|</strong>)(.*)")
_LABEL: Final = re.compile(r"\s*[-*+•]\s+([^\W\d_][\w /&-]{2,50})[:：](?!//)(.*)")
_EMPTY: Final = re.compile(
    r"more info(?:rmation)?\s(?:is\s)?needed|\b(?:n/a|tbd|tba|todo|none|unknown)\b|coming soon|to be (?:added|released|updated)"
    r"|not (?:specified|provided|available|disclosed)",
    re.IGNORECASE,
)

_TRAIN: Final = re.compile(
    r"\b(?:(?:pre|post|mid)-?\s?)?train(?:ing|ed)?\b|\bfine-?\s?tun\w{1,6}|\balign(?:ment|ing)\b|\brlhf\b|\b[sd]ft\b|\bdpo\b"
    r"|\bgrpo\b|hyper-?parameters?|\bdistillation\b|\binstruction[- ]tuning|训练|微调|对齐|蒸馏|학습|学習"
)
_DATA: Final = re.compile(r"\b(?:data(?:sets?)?|corpus|corpora)\b|数据集|语料|데이터|データ")
_NOT_DATA: Final = re.compile(
    r"\b(?:eval\w*|more|validation|test\w*|benchmark\w*|input|output|personal|user|privacy|format\w*|retention|cards?|protection"
    r"|freshness|parallel\w*|usage|load\w*|download\w*|types?|structure\w*|analysis|science|extraction)\b"
)
_TRAIN_DATA: Final = re.compile(
    r"(?:\b(?:pre|post|mid)-?\s?)?(?:train\w{0,4}|\bfine-?tun\w{1,6})\W{1,3}(?:(?:and|&|or|testing|test|evaluation|validation|fine-?tuning)\W{1,3}){0,4}"
    r"(?:data\w{0,5}|corp\w{1,4}|sets?)\b|训练(?:数据|语料|集)"
)
_HOW_TO: Final = re.compile(
    r"\bhow to\b|\byour\b|\byou\b|\bcode\b|\bscripts?\b|\btutorial|\bguide|\bsupport|\brun\b|\bframeworks?\b|\bfor training\b|^train |如何|\b(?:better|superior|improved|enhanced|stronger|more|human preference alignment)\b"
)
_OURS: Final = re.compile(
    r"\b(?:was|were|is|are|been|we|by|our)\b[^.]{0,30}\b(?:fine-?tun\w{2,4}|trained|tuned|aligned|distilled|optimi[sz]ed)"
    r"|hyper-?param|learning.?rate|\bepochs?\b|batch.?size|\bfine-?tuned (?:on|with|using|for|from)\b",
    re.IGNORECASE,
)
_EVAL: Final = re.compile(r"\beval\w*|\bbenchmark\w*|\bleaderboards?\b|评估|评测|测评|基准|榜单|평가|評価")
_WEAK_EVAL: Final = re.compile(
    r"\b(?:results?|performance|accuracy|scores?|metrics?|comparisons?|perplexity)\b|性能|效果|结果|結果|성능"
)
# Words that are metrics wherever they stand, and words that are only beside a number.
_METRIC: Final = re.compile(
    r"\b(?:(?i:s?bleu|sacrebleu|chrf\w{0,2}|rouge(?:-?\w{1,4})?|ndcg(?:@\d+)?|mrr(?:@\d+)?|recall@\d{1,4}|precision@\d{1,4}|perplexity|psnr|ssim|lpips|miou"
    r"|clip-?\s?scores?|win[- ]?rates?|top-?[15] accuracy|exact[- ]match|pass@\w{1,3}|auroc|spearman\w{0,3}|pearson\w{0,3}|error rate|f1(?:-score)?"
    r"|(?:avg|maj|cons|mean)@\d{1,3}|edit distance|bits per (?:byte|character))|WER|CER|DER|FID|FVD|mAP|IoU|MOS)\b|准确率|正确率|困惑度|胜率"
)
_WEAK_METRIC: Final = re.compile(
    r"\b(?:(?i:accuracy|precision (?:and|&)|precision(?=:? *[\d|])|recall|top-?[15]|auc|success rate|ppl|cosine similarity|(?:validation|eval(?:uation)?|test) loss)"
    r"|METEOR|COMET|EM|AP\d\d|[Ee][Ll][Oo]|MSE|MAE|RMSE|[Aa]cc)\b"
)
_BENCHMARK: Final = re.compile(
    r"\b(?:mmlu\S{0,8}|gsm-?8k|humaneval\S{0,6}|mbpp\S{0,6}|hellaswag|winogrande|arc[- ][ce]\w{0,10}|truthfulqa|bbh|big-?bench\S{0,6}"
    r"|gpqa\S{0,8}|aime\S{0,6}|math-?500|livecodebench\S{0,4}|swe-?bench\S{0,10}|ifeval|mt-?bench\S{0,5}|alpaca-?eval\S{0,5}|arena-?hard\S{0,5}"
    r"|c-?eval|cmmlu|glue|superglue|squad\S{0,4}|mnli|sst-?2|imagenet\S{0,6}|coco|librispeech|common voice|fleurs|mteb|c-?mteb|beir|miracl"
    r"|mmmu\S{0,6}|mmbench\S{0,6}|docvqa|textvqa|chartqa|vqav2|mathvista|ocrbench\S{0,5}|omnidocbench|vbench\S{0,5}|geneval|dpg\S{0,8}|flores\S{0,6}"
    r"|wmt\d{0,4}|tatoeba|lambada|piqa|boolq|openbookqa|triviaqa|drop|bfcl\S{0,4}|tau-?bench|ruler|longbench\S{0,4}|benchmarks?|leaderboards?)\b",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"\d[.,]\d|\d\s?%|\b\d{2}\b")
_TRAINED: Final = re.compile(
    r"\b(?:(?:pre|post|re|fine|instruction)-?\s?)?(?:trained|tuned|finetuned|distilled|aligned)\b|\bundergo\w{0,3}\b"
    r"|\btrain(?:ing)? (?:with|using|in|via|regime|stages?|process|pipeline|recipe|procedure|objective|steps)\b|\b(?:pre|post)-train(?:ing)?\b|\bwe (?:then )?train\b|\btuning (?:applied|on|with|using)\b"
    r"|\bwe .{0,20}(?:appl|utili|perform|employ|adopt|conduct|use)\w{1,4} .{0,60}(?:tuning|\bsft|\bdpo|rlhf|reinforcement|distillation|training)|训练|微调",
    re.IGNORECASE,
)
_TRAINED_ON: Final = re.compile(
    r"(?:train|tun|distill)ed\b.{0,160}?\b(?:on|using|with|from|over)\b|\bfollowing .{0,30}\bdata"
    r"|\btrain(?:ing)?[ -](?:data|datasets?|sets?|corpus|mix\w{0,4}|tokens)\b.{0,40}?\b(?:is|are|was|were|comes?|consist\w{0,3}|contain\w{0,3}|includ\w{1,3}"
    r"|compris\w{1,3}|collected|sourced)\b|训练(?:数据|语料|集)|(?:数据|语料)[^。]{0,20}训练",
    re.IGNORECASE,
)
_ADVICE: Final = re.compile(
    r"\byou(?:rs?)?\b|\bcan be (?:further )?(?:fine|train|tuned)|\bnot (?:been )?(?:\w{1,12} )?trained|\bplease\b|\bif\b", re.IGNORECASE
)
_METHOD: Final = re.compile(
    r"\brlhf|reinforcement learning|\b(?:dpo|ppo|grpo|sft|rl|mlm|nsp|orpo|kto|simpo)\b|supervised|preference"
    r"|distilled (?:from|using|with|the)|reward model|knowledge distillation|contrastive|objective|masked|learning[- ]rate|\bepochs?\b|batch[- ]size|optimi[sz]er|\badam|\bgpus?\b|\btpus?\b"
    r"|\b[ahv][18]00s?\b|\bsteps\b|(?:with|using|via) q?lora\b|dreambooth|deepspeed|megatron|from scratch|curriculum|further (?:pre-?)?trained|continued (?:pre-?)?training|fine-?\s?tuned (?:on|with|using|from)"
    r"|强化学习|监督|人类反馈",
    re.I,
)
_SOURCE: Final = re.compile(
    r"\b(?:data|datasets?|corpus|corpora|hours|pairs|images|wikipedia|laion\S{0,9}|coco|imagenet\S{0,5}|common ?crawl|the pile|c4|conversations"
    r"|videos|books|articles|dialogues|sentences|samples|examples|librispeech|squad\S{0,3}|mnli|sst-?2|languages)\b|huggingface\.co/datasets/|数据|语料",
    re.IGNORECASE,
)
# What makes a source more than "a large dataset": a name, a number, a link, a kind.
_SPECIFIC: Final = re.compile(
    r"\]\(|https?://|\d|`|(?<=[a-z,(] )[A-Z][A-Za-z]|\b(?:includ\w{2,3}|such as|following|consist\w{2,3}|compris\w{2,3}|public\w{0,2}|web|synthetic|filtered|code|books)\b"
    r"|包括|来自|构建"
)
_DATA_LINK: Final = re.compile(r"huggingface\.co/datasets/[\w.-]{1,60}/[\w.-]{1,90}(?![\w./-])", re.IGNORECASE)
_NO_SOURCE: Final = re.compile(r"\b(?:unknown|none|generator) data ?set", re.IGNORECASE)
# A relation that says "made from" whatever follows, and those that say it only before the name of a model.
_MADE_FROM: Final = re.compile(
    r"\b(?:(?i:fine-?\s?tuned|finetuned?|quanti[sz]ed|distilled|pruned|abliterated|uncensored|converted|merged?)\W{1,3}(?:[\w.-]{1,20}\W{1,3}){0,3}?(?:of|from)"
    r"|(?i:gguf|gptq|awq|ggml|exl2|mlx|[48]-?bit|fp8|int[48])\W{1,3}(?:[\w.-]{1,20}\W{1,3}){0,4}?(?:of|from|(?:files|quants?|versions?|weights) for))"
    r"\W{1,3}(?:(?:the|The|our|a|an|original|[a-z]{2,12}-[a-z]{2,12})\s){0,3}[\[*`]{0,3}(?:[A-Z]|[\w-]{1,40}[/-][\w.-]{0,40}\d|https?:)"
)
_FROM_MODEL: Final = re.compile(
    r"\bbase[ds]? (?:(?:up)?on|off?)\b|\bbuil[td]s? (?:(?:up)?on|off)\b|\bbuilt (?:with|from)\b|\binitiali[sz]ed (?:from|with)|\bderived from|\bdistilled (?:from|with)"
    r"|\bfine-?\s?tun\w{1,4} (?:on top )?(?:of|from|on|the)|\bmerg\w{1,3} (?:of|with|between)|\b(?:lora|adapter|controlnet|modules?|conversion)s? (?:of|for|from)\b"
    r"|\bcontinu\w{1,6} (?:pre-?)?train\w{1,4}|\btrained (?:from|on top of)|\bstart(?:s|ed|ing) from|基于",
    re.IGNORECASE,
)
_MODEL: Final = re.compile(
    r"(?:huggingface\.co/|hf\.co/)(?!datasets|spaces|papers|docs|blog|collections|posts)[\w-]{1,60}/[\w.-]{1,90}|\b(?:meta-)?(?:code)?(?:llama|qwen"
    r"|mi[sx]tral|gemma|phi-?\d|bert|roberta|xlm|gpt-?\w|t5|clip|stable[- ]?diffusion|sdxl|sd ?\d|flux|falcon|deepseek|whisper|vit|siglip|vicuna|pythia"
    r"|bloom|starcoder|deberta|internlm|internvl|chatglm|glm-?\d|granite|olmo|smollm|minilm|mpnet|wan ?2|baichuan|yi-\d|cogvideo|hunyuan|wav2vec|waifu)",
    re.IGNORECASE,
)
_BASE_LABEL: Final = re.compile(
    r"\]\([^)\s]{1,150}\) (?:fine-?tuned|quanti[sz]ed|distilled|merged) (?:version|model)|"
    r"\b(?:base|original|parent|source|teacher|foundation)[ _-](?:base[ _-])?model\W{0,6}[:：|]\W{0,6}\w"
    r"|fine-?\s?tuned from(?: model)?\W{0,6}[:：|]\W{0,6}\w",
    re.IGNORECASE,
)


@dataclass
class _Section:
    level: int  # 1..6 a heading, 7 a bold line, 8 a label with its text beside it
    title: str
    lines: list[str] = field(default_factory=list)


def read_text(body: str) -> tuple[bool, dict[str, bool]]:
    """Whether the card shows use in code, and for each of TOPICS whether it tells about it. Linear, never raises."""
    prose, blocks = _blocks(body)
    found = set(_by_heading(_headings(prose))) | set(_by_sentence(_sentences(prose))) | set(_by_table(prose))
    return any(_shows_use(*block) for block in blocks), {topic: topic in found for topic in TOPICS}


def _blocks(body: str) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Prose lines, and code blocks as (language, lines): fenced, <pre>, one line, and all indented or >>> lines."""
    prose: list[str] = []
    loose: list[str] = []
    blocks: list[tuple[str, list[str]]] = [("", loose)]
    fence = ""
    for line in body.split("\n"):
        mark = _FENCE.match(line)
        info = mark[2].strip().lower() if mark else ""
        if mark and mark[1].startswith(fence):
            if info or not fence:  # an info string within a block: its author forgot to close the one before
                blocks.append((re.sub(r"[^a-z0-9+#-].*", "", info.lstrip("{. ")), []))
            fence = "" if fence and not info else mark[1]
        elif fence:
            fence = "" if fence == "<" and "</pre" in line.lower() else fence
            blocks[-1][1].append(_TAG.sub("", line) if fence == "<" else line)
        elif single := _ONE_LINE.match(line) or _PRE.match(line):
            fence = "<" if "<pre" in line.lower() and "</pre" not in line.lower() else ""
            blocks.append(("", [_TAG.sub("", single[1])]))
        else:
            prose.append(line)
            if line.startswith(("    ", "\t", ">>>")):
                loose.append(line)
    if fence and not blocks[-1][0]:
        prose.extend(blocks[-1][1])
    return prose, blocks


def _shows_use(language: str, lines: list[str]) -> bool:
    code = [line for line in lines if line.strip() and not line.lstrip().startswith("# ")]
    if not code or language in _OTHER_LANGUAGES or _NO_CODE.match(code[0]):
        return False
    return language in _USE_LANGUAGES or any(_CODE_LINE.match(line) for line in code)


def _headings(prose: list[str]) -> list[_Section]:
    sections = [_Section(0, "")]
    for number, line in enumerate(prose):
        following = prose[number + 1].strip() if number + 1 < len(prose) else ""
        before = prose[number - 1].strip() if number else ""
        if mark := _ATX.match(line):
            sections.append(_Section(len(mark[1] or mark[2]), mark[3]))
        elif mark := _HTML.search(line):
            sections.append(_Section(int(mark[1] or 6), mark[3]))
        elif following and not following.strip("=-") and len(following) > 2 and 0 < len(line.strip()) < 100 and not before and line.lstrip()[0] not in "|-*<":
            sections.append(_Section(1 if following[0] == "=" else 2, line))
        elif mark := _BOLD.match(line) or _LABEL.match(line):
            rest = mark[2].strip(" :：*")
            sections.append(_Section(8 if rest else 7, mark[1], [rest] if rest else []))
        else:
            sections[-1].lines.append(line)
    return sections


def _by_heading(sections: list[_Section]) -> Iterator[str]:
    for number, section in enumerate(sections):
        if number == 1 and section.level == 1:
            continue  # the card's own title
        if topics := set(_title_topics(_plain(section.title))):
            text = " ".join(_under(sections, number))
            if re.search(r"[^\W_]{2}|<img", _EMPTY.sub("", _TAG.sub("", text))):
                if section.level == 8 and not re.search(r"\d|(?:\w+\W+){5}", text):
                    topics.discard("training")  # "Training stage: post-training" tells nothing
                if "factors" in section.title.lower() and not (_METRIC.search(text) or _WEAK_METRIC.search(text)):
                    topics.discard("metrics")  # the template's parent of three headings
                yield from (topic for topic in topics if topic in TOPICS)
                if "tuning" in topics and _OURS.search(text):
                    yield "training"
                if "results" in topics and _NUMBER.search(text) and any(words.search(text) for words in (_METRIC, _WEAK_METRIC, _BENCHMARK)):
                    yield "evaluation"


def _under(sections: list[_Section], number: int) -> Iterator[str]:
    level = sections[number].level
    if level == 8:
        yield from sections[number].lines[:1]
        return
    yield from sections[number].lines
    for section in sections[number + 1 :]:
        if section.level <= level:
            return
        yield from section.lines


def _plain(title: str) -> str:
    title = re.sub(r"\]\([^)\n]{0,300}\)?", "", _TAG.sub("", title[:300])).lower()
    return title.strip(" #*_:[]0123456789.、：") if len(title) <= 90 else ""


def _title_topics(title: str) -> Iterator[str]:
    train = _TRAIN.search(_TRAIN_DATA.sub("", title))
    if train and not _HOW_TO.search(title):
        advice = re.search(r"tun|微调", title) and not re.search(r"train|strateg|procedure|detail|method", title)
        yield "tuning" if advice else "training"
    if _TRAIN_DATA.search(title) or (_DATA.search(title) and not _NOT_DATA.search(title) and len(title.split()) <= 4):
        yield "datasets"
    if _EVAL.search(title) and not _DATA.search(title):
        yield "evaluation"
    elif _WEAK_EVAL.search(title):
        yield "results"
    if re.search(r"\bmetrics?\b|指标", title):
        yield "metrics"


def _sentences(prose: list[str]) -> Iterator[str]:
    """Sentences of at most MAX_SENTENCE characters; the lines of a wrapped paragraph belong together."""
    paragraph = ""
    for line in [*prose, ""]:
        if line.strip() and line.lstrip()[0] not in "|#>-*+<" and len(paragraph) < 20_000:
            paragraph += " " + line.strip()
            continue
        for text in (paragraph, line):
            for sentence in re.split(r"(?<=[.!?])\s|[。！？]", text):
                yield from (sentence[at : at + MAX_SENTENCE] for at in range(0, len(sentence), MAX_SENTENCE))
        paragraph = ""


def _by_sentence(sentences: Iterator[str]) -> Iterator[str]:
    for sentence in sentences:
        if not _ADVICE.search(sentence):
            if _TRAINED.search(sentence) and _METHOD.search(sentence):
                yield "training"
            for mark in _TRAINED_ON.finditer(sentence):
                source = sentence if "训练" in mark[0] else sentence[mark.start() : mark.end() + 220]
                if _SOURCE.search(source) and _SPECIFIC.search(source) and not _NO_SOURCE.search(source):
                    yield "datasets"
        if _DATA_LINK.search(sentence) and not re.search(r"eval|bench|test|leaderboard|result", sentence, re.IGNORECASE):
            yield "datasets"
        if "model card" in sentence:
            continue  # which is written, adapted and based on another card
        if _MADE_FROM.search(sentence) or _BASE_LABEL.search(sentence):
            yield "base_model"
        if any(_MODEL.search(sentence[mark.end() : mark.end() + 120].partition(", ")[0]) for mark in _FROM_MODEL.finditer(sentence)):
            yield "base_model"
        named = [mark for pattern in (_METRIC, _WEAK_METRIC) for mark in pattern.finditer(sentence)]
        if any(_NUMBER.search(sentence, max(mark.start() - 40, 0), mark.end() + 40) for mark in named):
            yield from ("metrics", "evaluation")
        elif _METRIC.search(sentence):
            yield "metrics"


_FIGURE: Final = re.compile(r"(?:!\[|<img\b).{0,300}?(?:benchmark|performance|evaluat|leaderboard)", re.IGNORECASE)


def _by_table(prose: list[str]) -> Iterator[str]:
    """A table with numbers and the names of benchmarks is an evaluation, and so is a figure that is called one."""
    head = ""
    for line in prose:
        cells = line.strip()
        if _FIGURE.search(cells):
            yield "evaluation"
        if not cells.startswith("|"):
            head = ""
            continue
        head = head or cells
        if _NUMBER.search(cells) and _BENCHMARK.search(head + cells):
            yield "evaluation"
        if _METRIC.search(cells) or _WEAK_METRIC.search(cells):
            yield "metrics"
        if re.search(r"\|\W{0,6}(?:pre-?)?training data", cells, re.IGNORECASE):
            yield "datasets"
