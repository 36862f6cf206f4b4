"""What the Markdown of a model card shows: code for use, and the topics it tells about.

A topic counts if a heading names it (ATX, setext, HTML, a bold line or a label) and something stands under it, or if
one sentence or table says it outright; the words are in card_words. Work is linear in the length of the text: lines are
read once, sentences are cut at MAX_SENTENCE, and a line belongs to at most eight nested sections.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from typing import Final

from data.platforms.hub import card_words as words

MAX_SENTENCE: Final = 500
MAX_PARAGRAPH: Final = 20_000
MAX_TITLE: Final = 90
FIGURE_NAME: Final = 304
MANY_SCORES: Final = 6  # fewer may be sizes, dates or settings
TOPICS: Final = ("training", "evaluation", "datasets", "metrics", "base_model", "license", "intended_use")
_SCORES: Final = frozenset({"metrics", "evaluation"})

_BLANK: Final = re.compile(r"\n\s*\n")
_FENCE: Final = re.compile(r"[ \t>]{0,40}(?:(?:[-*+]|\d{1,3}[.)])[ \t]{1,8})?(`{3,}|~{3,})([^`\n]*)$")
_ONE_LINE: Final = re.compile(r"[ \t]{0,40}```([^`\n]+)```")
_PRE: Final = re.compile(r"[ \t]{0,40}<pre\b[^>\n]{0,200}>(.*)", re.IGNORECASE)
_TAG: Final = re.compile(r"</?(?!img)[a-z][^<>\n]{0,300}>", re.IGNORECASE)
_USE_LANGUAGES: Final = frozenset(
    "python py python3 pycon ipython bash sh shell zsh console terminal cmd bat powershell ps1 js"
    " javascript node ts typescript jsx tsx java kotlin swift go golang rust c cpp c++ csharp cs ruby php julia dart r"
    " docker dockerfile curl cli".split()
)
_OTHER_LANGUAGES: Final = frozenset(
    "bibtex bib bibtext latex tex json jsonl json5 yaml yml toml ini xml html css csv markdown md diff jinja"
    " mermaid".split()
)
# The first line of what is no use of a model: a citation, a JSON value, a directory tree.
_NO_CODE: Final = re.compile(r"\s{0,80}(?:@\w{1,30}\s{0,4}\{|[{\[]\s*$|[{\[]\s{0,9}[\"'{\[]|.{0,80}[├└│])")
_CODE_LINE: Final = re.compile(
    r"\s{0,40}(?:>>>\s?|[$%!]\s?)?(?:"
    r"(?:sudo |uv |uvx |[A-Z_]{3,30}=\S{1,80} ){0,3}(?:pip3?|python3?|conda|mamba|poetry|git|docker|podman|curl|wget"
    r"|ollama|vllm|huggingface-cli|hf|transformers|transformers-cli|accelerate|torchrun|deepspeed|npm|npx|yarn|pnpm|node"
    r"|cargo|brew|apt|apt-get|llama-cli|llama-server|llama-run|mlx_lm\.\w{1,20}|optimum-cli|mistral-chat|lms|bash"
    r"|\./[\w./-]{1,60})\s{1,4}[\w\"'./-]"
    r"|from\s[\w.]{1,80}\simport\s|import\s[\w.{*]|def\s\w{1,60}\(|(?:const|let|var)\s\w{1,60}\s?=|#include|print\("
    r"|[\w.,\s]{1,60}=\s?(?:await\s|new\s)?[\w.]{1,80}\(|[\w.]{1,80}\.from_pretrained\()"
)
_ATX: Final = re.compile(r"\s{0,3}>?\s{0,3}(?:(#)\s+|(#{2,6})\s*)(\S.*)")
_HTML: Final = re.compile(r"<(?:h([1-6])|(summary))\b[^>\n]{0,300}>(.*)", re.IGNORECASE)
_BOLD: Final = re.compile(
    r"\s*(?:[-*+•>]\s+|\d{1,3}[.)]\s+)?(?:\*{2,3}|__|<b>|<strong>)([^*_<\n]{2,100})(?:\*{2,3}|__|</b>|</strong>)(.*)"
)
_LABEL: Final = re.compile(r"\s*[-*+•]\s+([^\W\d_][\w /&-]{2,50})[:\uff1a](?!//)(.*)")


@dataclass(slots=True)
class _Section:
    level: int  # 1..6 a heading, 7 a bold line, 8 a label with its text beside it
    title: str
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Block:
    language: str
    lines: list[str]


def read_text(body: str) -> tuple[bool, dict[str, bool]]:
    """Whether the card shows use in code, and for each of TOPICS whether it tells about it. Never raises."""
    prose, blocks = _blocks(_BLANK.sub("\n\n", body))
    outputs = [line for block in blocks if not _shows_use(block) for line in _results(block)]
    found = {*_by_heading(_headings(prose)), *_by_table(prose)}
    for sentence in dict.fromkeys(_sentences(prose)):  # a repeated one is read a single time
        found.update(_by_sentence(sentence, found))
    for line in outputs:
        if not found >= _SCORES:
            found.update(_scores(line[:MAX_SENTENCE]))
    return any(map(_shows_use, blocks)), {topic: topic in found for topic in TOPICS}


def _blocks(body: str) -> tuple[list[str], list[_Block]]:
    """Prose lines, and code blocks: fenced, <pre>, a fence on one line, and first all indented or >>> lines."""
    prose: list[str] = []
    blocks = [_Block("", [])]
    fence = ""
    for line in body.split("\n"):
        mark = _FENCE.match(line)
        if mark and mark[1].startswith(fence):
            info = mark[2].strip().lower()
            if info or not fence:  # an info string within a block: its author forgot to close the one before
                blocks.append(_Block(re.sub(r"[^a-z0-9+#-].*", "", info.lstrip("{. ")), []))
            fence = "" if fence and not info else mark[1]
        elif fence:
            fence = "" if fence == "<" and "</pre" in line.lower() else fence
            blocks[-1].lines.append(_TAG.sub("", line) if fence == "<" else line)
        elif single := _ONE_LINE.match(line) or _PRE.match(line):
            fence = "<" if "<pre" in line.lower() and "</pre" not in line.lower() else ""
            blocks.append(_Block("", [_TAG.sub("", single[1])]))
        else:
            prose.append(line)
            if line.startswith(("    ", "\t", ">>>")):
                blocks[0].lines.append(line)
    if fence and not blocks[-1].language:  # never closed, so rather prose than code to the end of the card
        prose.extend(blocks.pop().lines)
    return prose, blocks


def _code(block: _Block) -> list[str]:
    return [line for line in block.lines if line.strip() and not line.lstrip().startswith("# ")]


def _shows_use(block: _Block) -> bool:
    code = _code(block)
    if not code or block.language in _OTHER_LANGUAGES or _NO_CODE.match(code[0]):
        return False
    return block.language in _USE_LANGUAGES or any(_CODE_LINE.match(line) for line in code)


def _results(block: _Block) -> list[str]:
    """The lines of what a program printed (`"f1": 82.9`); a citation is none, and prose is read elsewhere."""
    code = _code(block)
    is_prose = bool(code) and code[0].startswith(("    ", "\t", ">>>")) and not block.language
    return [] if not code or is_prose or re.match(r"\s*@\w", code[0]) else code


def _headings(prose: list[str]) -> list[_Section]:
    sections = [_Section(0, "")]
    for number, line in enumerate(prose):
        if mark := _ATX.match(line):
            sections.append(_Section(len(mark[1] or mark[2]), mark[3]))
        elif mark := _HTML.search(line):
            sections.append(_Section(int(mark[1] or 6), mark[3]))
        elif level := _underlined(prose, number):
            sections.append(_Section(level, line))
        elif mark := _BOLD.match(line) or _LABEL.match(line):
            rest = mark[2].strip(" :*\uff1a")
            sections.append(_Section(8 if rest else 7, mark[1], [rest] if rest else []))
        else:
            sections[-1].lines.append(line)
    return sections


def _underlined(prose: list[str], number: int) -> int:
    """The level of a setext heading (=== or --- below a lone short line), 0 if the line is none."""
    line = prose[number].strip()
    below = prose[number + 1].strip() if number + 1 < len(prose) else ""
    alone = not (number and prose[number - 1].strip())
    if not alone or len(below) < 3 or below.strip(below[0]) or below[0] not in "=-":
        return 0
    return (1 if below[0] == "=" else 2) if line and line[0] not in "|-*<" else 0


def _by_heading(sections: list[_Section]) -> Iterator[str]:
    for number, section in enumerate(sections):
        title = _plain(section.title)
        if number == 1 and section.level == 1:
            continue  # the card's own title
        if words.BASE_TITLE.search(title) and _names_model(sections, number):
            yield "base_model"
        topics = set(_of_title(title))
        text = " ".join(_under(sections, number)) if topics else ""
        if not re.search(r"[^\W_]{2}|<img", words.EMPTY.sub("", _TAG.sub("", text))):
            continue
        if words.LOADERS.issuperset(text.lower().split()):
            topics.discard("datasets")
        if section.level == 8 and len(text.split()) < 5 and not re.search(r"\d", text):
            topics.discard("training")  # "Training stage: pretraining & post-training" tells nothing
        if "factors" in title and not words.METRIC.search(text) and not words.NEAR_METRIC.search(text):
            topics.discard("metrics")  # the template's parent of three headings
        yield from topics & set(TOPICS)
        if "tuning" in topics and (words.DONE.search(text) or _only_settings(text)):
            yield "training"
        if "results" in topics and _has_results(title, text):
            yield "evaluation"


def _names_model(sections: list[_Section], number: int) -> bool:
    """Whether what stands first under a heading, plain or bold, is the name of a model, and no sentence or table."""
    below = [one.title for one in sections[number + 1 : number + 2] if one.level >= 7]
    first = next((line for line in [*sections[number].lines, *below] if line.strip(" \t-=")), "")[:FIGURE_NAME]
    return bool(words.NAMES_MODEL.search(first)) and not words.EMPTY.search(first)


def _only_settings(text: str) -> bool:
    return bool(words.SETTING.search(text)) and not words.ADVICE.search(text)


def _has_results(title: str, text: str) -> bool:
    """Figures of merit, not the gallery of an image model: numbers with their names, or a chart of performance."""
    if "performance" in title and not words.SPEED_TITLE.search(title) and re.search(r"!\[|<img", text):
        return True
    if any(pattern.search(text) for pattern in (words.METRIC, words.NEAR_METRIC, words.BENCHMARK)):
        return bool(words.NUMBER.search(text))
    return not words.SPEED.search(text) and len(words.TABLE_SCORE.findall(text)) >= MANY_SCORES


def _under(sections: list[_Section], number: int) -> Iterator[str]:
    level = sections[number].level
    if level == 8:
        yield from sections[number].lines[:1]
        return
    yield from sections[number].lines
    for later in range(number + 1, len(sections)):
        if sections[later].level <= level:
            return
        if sections[later].level == 8 and not words.EMPTY.search(sections[later].lines[0]):
            yield sections[later].title
        yield from sections[later].lines


def _plain(title: str) -> str:
    title = re.sub(r"\]\([^)\n]{0,300}\)?", "", _TAG.sub("", title[:300])).lower()
    return title.strip(" #*_:[]0123456789.\u3001\uff1a") if len(title) <= MAX_TITLE else ""


def _of_title(title: str) -> Iterator[str]:
    without_data = words.TRAINING_DATA_TITLE.sub("", title)
    both = without_data != title and words.PROCEDURE_TITLE.search(without_data)
    if (both or words.TRAINING_TITLE.search(without_data)) and not words.ADVICE_TITLE.search(title):
        yield "tuning" if words.TUNING_TITLE.search(title) and not words.DONE_TITLE.search(title) else "training"
    if without_data != title or words.DATA_TITLE.search(title):
        yield "datasets"
    if words.EVALUATION_TITLE.search(title) and not words.DATA_WORD.search(title):
        yield "evaluation"
    elif words.RESULT_TITLE.search(title):
        yield "results"
    if words.METRIC_TITLE.search(title):
        yield "metrics"
    if words.LICENSE_TITLE.search(title):
        yield "license"
    if words.INTENDED_TITLE.search(title):
        yield "intended_use"


def _sentences(prose: list[str]) -> Iterator[str]:
    """Sentences of at most MAX_SENTENCE characters; the lines of a wrapped paragraph belong together."""
    paragraph: list[str] = []
    length = 0
    for line in [*prose, ""]:
        if line.strip() and line.lstrip()[0] not in "|#>-*+<" and length < MAX_PARAGRAPH:
            paragraph.append(line.strip())
            length += len(line)
            continue
        for text in (" ".join(paragraph), line):
            for sentence in re.split(r"(?<=[.!?])\s|[\u3002\uff01\uff1f]", text):
                yield from (sentence[at : at + MAX_SENTENCE] for at in range(0, len(sentence), MAX_SENTENCE))
        paragraph, length = [], 0


def _by_sentence(sentence: str, found: Set[str]) -> Iterator[str]:
    """The topics that a sentence adds to those found already, which are not searched for again."""
    if not {"training", "datasets"} <= found:
        if not words.ADVICE.search(sentence):
            if words.TRAINED.search(sentence) and words.METHOD.search(sentence):
                yield "training"
            if _names_data(sentence):
                yield "datasets"
        if words.DATA_LINK.search(sentence) and not words.NOT_TRAINING.search(sentence):
            yield "datasets"
    if "license" not in found and words.LICENSED.search(sentence) and not words.NOT_LICENSED.search(sentence):
        yield "license"
    if "intended_use" not in found and words.INTENDED.search(sentence):
        yield "intended_use"
    if "base_model" not in found and _names_base(sentence) and not words.NOT_BASE.search(sentence):
        yield "base_model"
    if not found >= _SCORES:
        yield from _scores(sentence)


def _names_data(sentence: str) -> bool:
    for mark in words.TRAINED_ON.finditer(sentence):
        near = sentence if "训练" in mark[0] else sentence[mark.start() : mark.end() + 220]
        if words.SOURCE.search(near) and words.SPECIFIC.search(near) and not words.NO_SOURCE.search(near):
            return True
    return False


def _names_base(sentence: str) -> bool:
    if words.MADE_FROM.search(sentence) or words.BASE_LABEL.search(sentence):
        return True
    if not words.MODEL_NAME.search(sentence):  # what follows needs one, and costs more
        return False
    if words.IS_MODEL.search(sentence):
        return True
    for mark in words.FROM_MODEL.finditer(sentence):
        after = re.split(r", | while ", sentence[mark.end() : mark.end() + 120])[0]
        if (model := words.MODEL.search(after)) and not words.LOAN.search(after[: model.start()]):
            return True
    return False


def _scores(sentence: str) -> Iterator[str]:
    """Metrics that the sentence names, and evaluation if a number stands beside one."""
    sentence = words.URL.sub("", sentence)
    for pattern in (words.METRIC, words.NEAR_METRIC):
        for mark in pattern.finditer(sentence):
            if words.NUMBER.search(sentence, max(mark.start() - 40, 0), mark.end() + 40):
                yield from ("metrics", "evaluation")
                return
    if words.METRIC.search(sentence):
        yield "metrics"


def _shows_results(line: str) -> bool:
    """Whether the line has a figure that is called one of results, in the FIGURE_NAME characters after its mark."""
    named = (mark.start() for mark in words.RESULT_WORD.finditer(line))
    return any(words.FIGURE.search(line, max(at - FIGURE_NAME, 0), at) for at in named)


def _by_table(prose: list[str]) -> Iterator[str]:
    """A table with scores and the names of benchmarks is an evaluation, and so is a figure that is called one."""
    in_table = benchmarks = False
    for line in prose:
        row = words.URL.sub("", line.strip())
        if _shows_results(line):
            yield "evaluation"
        if not row.startswith("|"):
            in_table = False
            continue
        named = bool(words.BENCHMARK.search(row))
        benchmarks = benchmarks if in_table else named  # the names stand in the head, or in the row itself
        in_table = True
        if (benchmarks or named) and words.TABLE_SCORE.search(row):
            yield "evaluation"
        if words.METRIC.search(row) or words.NEAR_METRIC.search(row):
            yield "metrics"
        if words.TABLE_SETTING.search(row):
            yield "training"
        if words.TABLE_DATA.search(row):
            yield "datasets"
