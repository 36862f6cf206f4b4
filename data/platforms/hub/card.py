"""What a model card says, as small facts without any of its prose.

Reads the README.md text of a Hub repository: YAML front matter, Markdown, HTML. Nothing here raises or follows a
reference: the text is cut, no pattern nests repeats, and YAML is read as a stream of events, so that an alias is never
expanded and nesting never recurses. Shapes: hub-docs modelcard.md, and the cards of 408 models for what it omits.
"""

from __future__ import annotations

import math
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import yaml

from data.curated import tables
from data.platforms.hub.card_text import read_text
from data.platforms.hub.card_words import LOADERS

MAX_TEXT: Final = 1_000_000
MAX_FRONT: Final = 800_000  # the results of one embedding model can pass 100,000
MAX_BODY: Final = 200_000
MAX_DEPTH: Final = 40
MAX_ITEMS: Final = 200
MAX_STRING: Final = 200
MAX_LOOKS: Final = 5

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
# Keys as people write them beside those that the Hub reads, without regard to case, hyphens and the British spelling.
_ALIASES: Final = {"licenses": "license", "dataset": "datasets", "metric": "metrics", "base_models": "base_model"}
# Rule: presence is not content. These stand where an answer should; TRL's template writes `licence: license`.
_PLACEHOLDER: Final = re.compile(
    r"\W*(?:more info(?:rmation)?(?: is)? needed|n/?a|tb[adc]|to ?do|none(?: specified| provided)?|null|nil"
    r"|undefined|noassertion|unspecified|licen[cs]e|not (?:specified|available|applicable|provided|disclosed)"
    r"|to be (?:added|determined|announced|released|updated)|coming soon|x{3,}|your[-_ ].{0,40})?\W*",
    re.IGNORECASE,
)
_NOT_NAMED: Final = frozenset(
    "unknown private local custom dataset data model base base_model base-model merge mergekit merged_model"
    " merged-model tmp temp output outputs checkpoint".split()
)
_HUB_PAGE: Final = re.compile(
    r"(?:(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)|hf:/)/(?:datasets/)?", re.IGNORECASE
)
_LOCAL: Final = re.compile(
    r"[./~]|[a-z]:[\\/]|\w{1,10}://|.*\\|[^/]*/[^/]*/.|(?:.*/)?(?:checkpoint[-_]\d|models--)|(?:outputs?(?:[-_]dir)?|checkpoints?|ckpts?|models?|saved_models?|weights|results?"
    r"|runs?|data|datasets?|home|root|mnt|tmp|content|workspace|kaggle|experiments?|logs?|cache)/"
    r"|[^/]*\.(?:jsonl?|csv|tsv|parquet|txt|arrow|zip|tar|gz|safetensors|bin|pt|pth)$",
    re.IGNORECASE,
)
# No repeat crosses what begins the next picture, so that many unfinished ones cost no more than as much text.
_IMAGE: Final = re.compile(
    r"!\[[^\[\]\n]{0,300}\]\([^()\n]{0,1000}(?:\([^()\n]{0,200}\)[^()\n]{0,1000})?\)|<img\b[^<>]{0,2000}>",
    re.IGNORECASE,
)
# What stands before a link, or as its words, where the card links the model's own code; and where it thanks a tool.
_AS_CODE: Final = re.compile(
    r"\b(?:code|code-?base|source|repos?|repository|git ?hub|implementation|official|project page|home-?page)\b"
    r"|代码|仓库|项目|主页|コード|코드",
    re.IGNORECASE,
)
_AS_TOOL: Final = re.compile(
    r"\b(?:trained|fine-?tun|made|built|quanti[sz]|convert|load|run|push|serv|deploy|export|power|generated|created|merg"
    r"|compress|evaluat|us(?:e|ing|ed)\b|with\b|by\b|via\b|through\b|thank|support|compatible|install|librar|framework"
    r"|toolkit|fork|inspired|based on|borrow|adapt|original)",
    re.IGNORECASE,
)
_REMOTE: Final = re.compile(
    r"trust_remote_code\W{0,4}(?:[=:]|(?:set )?to\b|is\b|as\b)\W{0,4}(?:true|1)\b|--trust[-_]remote[-_]code"
    r"|trust_remote_code\W{1,3}(?:must be |needs to be |should be |has to be )?(?:set to \W{0,2}true|enabled|on)\b",
    re.IGNORECASE,
)
_NO_NEED: Final = re.compile(
    r"(?:\bno (?:longer|need)\b|\bnot\b|n[’']t\b|\bwithout\b|\bnever\b)[^.!?\n]{0,60}$", re.IGNORECASE
)
_NUMBER: Final = re.compile(r"[^\w]{0,9}(\d{1,400}(?:\.\d{0,400})?(?:e[+-]?\d{1,400})?)", re.IGNORECASE)
_SHORTEST: Final = 5  # letters that two names of owners must begin with alike to belong together


def read_card(text: object) -> dict[str, Any]:
    """The facts of one card. `text`: the README as str (or UTF-8 bytes); anything else reads as an empty card.

    Keys: metadata (see read_metadata), example_code and trust_remote_code (bool: shown in code, asked for),
    github_repos and tool_repos ("owner/repo", first spelling, in order; outside pictures), code_repos (those of
    github_repos that the text links as its code), arxiv (ids), sections ({topic: bool}), complete (bool: False if the
    text was cut short or its metadata is no YAML, so that what was not found is unknown rather than absent). Never
    raises.
    """
    source = text.decode("utf-8", "replace") if isinstance(text, bytes) else text if isinstance(text, str) else ""
    card = _CONTROL.sub("", source[:MAX_TEXT].replace("\r\n", "\n").replace("\r", "\n"))
    front, body, closed = _split(card)
    metadata = _tree(front) if closed and len(front) <= MAX_FRONT else None
    readable = closed and (metadata is not None or not front.strip())
    whole = readable and len(source) <= MAX_TEXT and len(body) <= MAX_BODY and not card.rstrip().endswith(_CUT_MARK)
    body = _without_comments(body[:MAX_BODY])
    example_code, sections = read_text(body)
    return {
        "metadata": read_metadata(metadata),
        "example_code": example_code,
        "trust_remote_code": any(
            not _NO_NEED.search(body, max(m.start() - 90, 0), m.start()) for m in _REMOTE.finditer(body)
        ),
        **_links(body),
        "sections": sections,
        "complete": whole,
    }


def links_own_repository(text: str, model_id: str) -> bool:
    """Whether a card certainly links the model's repository of code, without reading the rest of it."""
    return own_repository(_links(_without_comments(text[:MAX_BODY])), model_id)


def own_repository(card: Mapping[str, Any], model_id: str) -> bool:
    """Whether a card that was read links a repository that is the model's own.

    It is if the card links it as its code, if its name is the model's, or if its owner's name is, or begins like it.
    A tool's is never, unless the very owner of the tool publishes the model.
    """
    links, tools = (_repositories(card.get(key)) for key in ("github_repos", "tool_repos"))
    owner, _, name = model_id.lower().rpartition("/")
    return (
        bool(_repositories(card.get("code_repos")))
        or any(_alike(owner, of) or _same_model(name, repo) for of, repo in links)
        or any(_plain(owner) == _plain(of) for of, _ in tools if owner)
    )


def is_repository(text: str) -> bool:
    """Whether a text holds the address of a repository of code that is no tool's."""
    return any(repo.lower() not in tables.tool_repositories() for repo, _ in _repos(text[:MAX_BODY]))


@lru_cache(maxsize=8192)  # a few hundred words are most of what cards state
def is_placeholder(text: str) -> bool:
    """Whether a text stands where an answer should, and is none."""
    return _PLACEHOLDER.fullmatch(text) is not None


def auto_map(config: Mapping[str, Any], depth: int = 5) -> object:
    """What a configuration, or one within it, names of the repository's code (of whatever shape); None without any."""
    if held := config.get("auto_map") or config.get("custom_pipelines"):
        return held
    inner = (auto_map(part, depth - 1) for part in config.values() if isinstance(part, Mapping) and depth)
    return next(filter(None, inner), None)


def named_model(name: str) -> str | None:
    """The id of the model that a `base_model` names, None for a placeholder or a path on somebody's disk."""
    return _named(name)


def named_dataset(name: str) -> str | None:
    """The data set that a `datasets` entry names, None for a loader, a placeholder or a path on somebody's disk."""
    named = _named(name)
    return None if named is None or named.lower() in LOADERS else named


def finite(value: object) -> bool:
    """Whether a metric's value is, or as a text begins with, a finite number; of a list or an object any of its own."""
    if isinstance(value, list | dict):
        return any(finite(one) for one in (value.values() if isinstance(value, dict) else value) if _is_scalar(one))
    if isinstance(value, str):
        number = _NUMBER.match(value)
        return number is not None and math.isfinite(float(number[1]))
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | int | float)


@lru_cache(maxsize=4096)
def _named(name: str) -> str | None:
    name = _HUB_PAGE.sub("", name.strip(), count=1).strip("/ ") if _HUB_PAGE.match(name.strip()) else name.strip()
    empty = _PLACEHOLDER.fullmatch(name) or name.lower() in _NOT_NAMED or _LOCAL.match(name)
    return None if empty else name


def _repositories(listed: object) -> list[tuple[str, str]]:
    """(owner, name) of each "owner/name" in a list, in lower case."""
    words = listed if isinstance(listed, list) else []
    parts = (word.lower().partition("/") for word in words if isinstance(word, str))
    return [(owner, name) for owner, _, name in parts if name]


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name)


def _alike(one: str, other: str) -> bool:
    one, other = _plain(one), _plain(other)
    shared = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return bool(one) and (one == other or (shared >= _SHORTEST and 3 * shared >= 2 * min(len(one), len(other))))


def _same_model(name: str, repo: str) -> bool:
    name, repo = _plain(name), _plain(repo)
    return (
        len(repo) >= _SHORTEST - 1 and len(name) >= _SHORTEST - 1 and (name.startswith(repo) or repo.startswith(name))
    )


def _links(body: str) -> dict[str, list[str]]:
    """The repositories and papers that a card's text links; what only stands in a picture or a badge is none."""
    body = _IMAGE.sub("", body)
    repos = list(_repos(body))
    own = [(repo, link) for repo, link in repos if repo.lower() not in tables.tool_repositories()]
    looked: dict[str, list[re.Match[str]]] = defaultdict(list)  # the first links say what a repository is to the model
    for repo, link in own:
        if len(looked) < MAX_ITEMS and len(looked[repo]) < MAX_LOOKS:
            looked[repo].append(link)
    return {
        "github_repos": _distinct(repo for repo, _ in own),
        "code_repos": _distinct(repo for repo, links in looked.items() if any(_as_code(body, link) for link in links)),
        "tool_repos": _distinct(repo for repo, _ in repos if repo.lower() in tables.tool_repositories()),
        "arxiv": _distinct(match[1].lower() for match in _ARXIV.finditer(body)),
    }


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


def _repos(body: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Each link to a repository, by the repository's name."""
    for link in _GITHUB.finditer(body):
        repo = link[2].rstrip("._-").removesuffix(".git").rstrip("._-")
        if repo and link[1].lower() not in _NO_OWNERS:
            yield f"{link[1]}/{repo}", link


def _as_code(body: str, link: re.Match[str]) -> bool:
    """Whether the words around a link call it the model's code.

    They are what stands before it in its sentence, up to the link before it, and the words of an HTML link.
    """
    near = max(link.start() - 120, 0)
    start = max(body.rfind("\n", near, link.start()) + 1, near)
    before = re.split(r"[.!?;|]\s|\]\([^)]{0,300}\)|</a>|https?://\S+", body[start : link.start()])[-1]
    words = re.match(r"[^\s>]{0,200}>([^<\n]{0,60})<", body[link.end() : link.end() + 280])
    context = before + " " + (words[1] if words else "")
    return _AS_CODE.search(context) is not None and not _AS_TOOL.search(context)


def read_metadata(front: object) -> dict[str, Any]:
    """The metadata of a card (front matter once parsed, or the Hub's cardData): lists of str, str or None, results.

    Keys: license, base_model, datasets, metrics, ... (lists), license_name, library_name, ... (str or None), gate
    (bool: it asks for something before access), results (bool: whether a model-index has a number; None without one).
    Placeholders, loaders and local paths are left out. Anything but a mapping reads as empty metadata. Never raises.
    """
    card = known_keys(front)
    indexed = [card[key] for key in ("model-index", "eval_results") if card.get(key)]
    results = [result for index in indexed for result in _results(index)]
    found: dict[str, Any] = {
        "license": [word.lower() for word in _strings(card.get("license"))],
        **{key: next(iter(_strings(card.get(key))), None) for key in _ONE},
        **{key: _strings(card.get(key)) for key in _MANY},
        "gate": any(key.startswith("extra_gated_") for key in card),
        "results": any(map(_has_number, results)) if indexed else None,
    }
    if (link := _word(card.get("license_link")).strip()).lower() in ("license", "licence"):
        found["license_link"] = link  # elsewhere a placeholder, here the name of a file
    found["base_model"] = [named for name in found["base_model"] if (named := named_model(name))]
    found["datasets"] = [named for name in found["datasets"] if (named := named_dataset(name))]
    return found


def known_keys(front: object) -> dict[str, Any]:
    """A card's metadata under the Hub's own keys, whatever case and spelling it uses; the Hub's own spelling wins."""
    card: dict[str, Any] = {}
    for key, value in front.items() if isinstance(front, Mapping) else ():
        plain = str(key).strip().lower().replace("-", "_").replace("licence", "license")
        plain = "model-index" if plain == "model_index" else _ALIASES.get(plain, plain)
        if plain == key or plain not in card:
            card[plain] = value
    return card


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
    words = [_CONTROL.sub("", _word(item)).strip()[:MAX_STRING] for item in (_listed(value) if value else ())]
    return _distinct(word for word in words if not is_placeholder(word)) if words else []


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


def _has_number(result: dict[str, Any]) -> bool:
    metrics = _listed(result.get("metrics"))
    return any(isinstance(metric, dict) and finite(metric.get("value")) for metric in metrics)
