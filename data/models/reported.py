"""What others report of a model: reviews of its openness, and results of evaluations with who reports them. Pure.

The European Open Source AI Index gives each dimension a class (open, partial, closed), the Model Openness Framework
lists the components of a release with their licences, mteb links training code and data. None of them reviewed every
model, so no factor reads them: a model without a review is not less open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from data.curated.licences import licence_class
from data.platforms.hub.card import finite
from data.shapes import as_dict, as_text

_FACTS: Final = ("openness", "osai", "mof", "mteb", "results", "results_by")
_READ: Final = frozenset({"osai", "mof", "mteb", "evalResults", "model-index"})
OPEN_LICENCES: Final = {"permissive", "weak_copyleft", "strong_copyleft"}
SHOWN: Final = 12  # results of one model
OWN_CARD: Final = "its own card"  # who reports a result that names no source
# The dimensions of the European Open Source AI Index, in its own words.
DIMENSIONS: Final[Mapping[str, str]] = {
    "datasources_basemodel": "base model data",
    "datasources_endmodel": "end user model data",
    "weights_basemodel": "base model weights",
    "weights_endmodel": "end user model weights",
    "trainingcode": "training code",
    "code": "code documentation",
    "hardware_architecture": "hardware architecture",
    "modelcard": "model card",
}
_MTEB: Final[Mapping[str, str]] = {
    "license": "licence",
    "public_training_code": "training code",
    "public_training_data": "training data",
}


def reported(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts that a record's reviews and results give: words, None where nobody reported."""
    if not (_READ & record.keys() or as_dict(record.get("cardData")).get("model-index")):
        return dict.fromkeys(_FACTS)
    osai, mof, mteb = (_words(record.get(key)) for key in ("osai", "mof", "mteb"))
    results = list(_results(record))[:SHOWN]
    reporters = list(dict.fromkeys(by for by, _ in results))
    listed = (f"{by}: {', '.join(text for of, text in results if of == by)}" for by in reporters)
    found = (
        _osai_level(osai) or _mof_level(mof) or _mteb_level(mteb),
        _grouped({DIMENSIONS.get(name, name): word for name, word in osai.items()}, ("open", "partial", "closed")),
        _grouped({name: licence or "no licence" for name, licence in mof.items()}, sorted({*mof.values()} - {""})),
        _mteb(mteb),
        "; ".join(listed) or None,
        ", ".join(reporters) or None,
    )
    return dict(zip(_FACTS, found, strict=True))


def _level(weights: bool, code: bool, data: bool) -> str | None:
    """Return the furthest that is open of weights, training code and training data; None if not even the weights."""
    return ("open_data" if data else "open_code" if code else "open_weights") if weights else None


def _osai_level(classes: Mapping[str, str]) -> str | None:
    data = {classes.get(f"datasources_{part}") for part in ("basemodel", "endmodel")}
    weights = classes.get("weights_endmodel") in ("open", "partial")
    return _level(weights, classes.get("trainingcode") == "open", data == {"open"})


def _mof_level(licences: Mapping[str, str]) -> str | None:
    freed = {name for name, licence in licences.items() if licence and licence_class(licence) in OPEN_LICENCES}
    return _level("Model parameters (Final)" in licences, "Training code" in freed, "Datasets" in freed)


def _mteb_level(stated: Mapping[str, str]) -> str | None:
    code, data = (bool(stated.get(f"public_training_{what}")) for what in ("code", "data"))
    return _level(stated.get("open_weights") == "True", code, data)


def _words(table: object) -> dict[str, str]:
    """Return a table of words, cleaned; a component without a licence has an empty one."""
    kept = {as_text(name): as_text(word) or "" for name, word in as_dict(table).items() if isinstance(word, str)}
    return {name: word for name, word in kept.items() if name}


def _grouped(words: Mapping[str, str], first: Iterable[str]) -> str | None:
    """Return "open: weights, code; closed: paper" for {weights: open, code: open, paper: closed}."""
    groups = dict.fromkeys([*(word for word in first if word in words.values()), *words.values()])
    return "; ".join(f"{word}: {', '.join(n for n, of in words.items() if of == word)}" for word in groups) or None


def _mteb(stated: Mapping[str, str]) -> str | None:
    weights = {"True": ["open weights"], "False": ["no open weights"]}.get(stated.get("open_weights", ""), [])
    return "; ".join([*weights, *(f"{words} {stated[key]}" for key, words in _MTEB.items() if stated.get(key))]) or None


def _results(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield who reports and what, for every result with a number."""
    for one in _listed(record.get("evalResults")):
        data = as_dict(one.get("data"))
        if finite(data.get("value")):
            yield _reporter(one), f"{_name(data.get('dataset'))} {_number(data['value'])}"
    index = record.get("model-index") or as_dict(record.get("cardData")).get("model-index")
    for entry in _listed(index):
        for result in _listed(entry.get("results")):
            metric = next((m for m in _listed(result.get("metrics")) if finite(m.get("value"))), None)
            if metric:
                name = as_text(metric.get("name")) or as_text(metric.get("type"))
                words = (_name(result.get("dataset")), name, _number(metric["value"]))
                yield _reporter(result), " ".join(word for word in words if word)


def _reporter(result: Mapping[str, Any]) -> str:
    source = result.get("source")
    return as_text(as_dict(source).get("name")) or as_text(source) or OWN_CARD


def _name(dataset: object) -> str:
    names = (as_text(as_dict(dataset).get(key)) for key in ("name", "id", "type"))
    return next(filter(None, names), "") or as_text(dataset) or "a data set"


def _number(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else as_text(str(value)) or ""


def _listed(value: object) -> list[Mapping[str, Any]]:
    return [as_dict(one) for one in (value if isinstance(value, list) else [value])]
