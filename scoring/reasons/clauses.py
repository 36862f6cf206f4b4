"""What the model factors find, in plain English; one that has no words here is named by its label and value.

CLAUSES: factor id -> what was found (`yes`, `no`, `not_found` where no is only a lower bound, `elsewhere` where a yes
stands in another place than the one that counts, a word of its levels; of
a count `none`, `one` or `some`) -> a clause in which {words} is the value in words, {number} its number with unit
and {until} the days that a count of downloads is of.
WORDS: factor id -> a word of its levels -> how a table says it. NOT_APPLICABLE: why a question makes no sense.
"""

from __future__ import annotations

from collections.abc import Mapping

_Words = Mapping[str, Mapping[str, str]]

WORDS: _Words = {
    "provider": {
        "official": "official organisation",
        "established": "established owner",
        "neither": "neither official nor established",
    },
    "card_topics": {
        "none": "none of the four topics",
        "one": "one of the four topics",
        "two": "two of the four topics",
        "three": "three of the four topics",
        "all": "all four topics",
    },
    "authorization": {
        "none": "open to all",
        "automatic": "automatic approval",
        "manual": "approval by hand",
        "private": "private",
    },
    "license_type": {
        "use_restricted": "open, with use restrictions",
        "custom": "custom terms",
        "non_commercial": "non-commercial",
        "unknown": "stated, of no known class",
    },
    "safetensors": {
        "all_safe": "safe formats only",
        "safe_tag": "tagged with a safe format",
        "mixed": "safe and unsafe formats",
        "unsafe_only": "unsafe formats only",
    },
    "unsafe_files": {
        "code_only": "scripts only",
        "beside_safe": "unsafe weights beside safe ones",
        "unsafe_only": "unsafe weights only",
    },
    "typosquatting": {"none": "looks like no other", "low": "close to another name", "high": "looks like another name"},
}

NOT_APPLICABLE: Mapping[str, str] = {
    "license_type": "does not apply: no licence in its metadata",
    "base_model_info": "does not apply: an original model",
    "safetensors": "does not apply: no weight files",
}

CLAUSES: _Words = {
    "downloads": {
        "none": "nobody downloaded it {until}",
        "one": "it was downloaded once {until}",
        "some": "it had {words} {until}",
    },
    "likes": {"none": "nobody likes it on the Hub", "one": "one person likes it on the Hub", "some": "it has {words}"},
    "spaces": {
        "none": "no Space on the Hub uses it",
        "one": "one Space on the Hub uses it",
        "some": "{words} on the Hub use it",
    },
    "papers": {
        "none": "it links no paper on arXiv",
        "one": "it links one paper on arXiv",
        "some": "it links {words} on arXiv",
    },
    "github_repo": {"yes": "it links a GitHub repository of its own", "no": "it links no GitHub repository of its own"},
    "discussions": {
        "none": "its Community tab is empty",
        "one": "its Community tab has one thread",
        "some": "its Community tab has {words}",
    },
    "pull_requests": {
        "none": "it has received no pull request",
        "one": "it has received one pull request",
        "some": "it has received {words}",
    },
    "provider": {
        "official": "its owner is an official organisation",
        "established": "its owner is established on the Hub",
        "neither": "its owner is neither official nor established",
    },
    "age": dict.fromkeys(("none", "one", "some"), "it is {words}"),
    "authorization": {
        "none": "anyone can fetch it without asking",
        "automatic": "access has to be asked for; it is granted automatically",
        "manual": "access has to be asked for and is granted by hand",
        "private": "it is private",
    },
    "gated": {"yes": "users must accept conditions first", "no": "it sets no conditions before the download"},
    "license_stated": {
        "yes": "it states a licence",
        "no": "it states no licence",
        "elsewhere": "its files or its README state a licence, which its metadata does not",
        "not_found": "its metadata states no licence; whether its files or its README do was not read",
    },
    "license_type": {
        "permissive": "its licence is permissive",
        "weak_copyleft": "its licence asks that changes to it be shared alike",
        "strong_copyleft": "its licence asks that whatever includes it be shared alike",
        "use_restricted": "its licence is open but forbids some uses",
        "custom": "its licence has terms of its own",
        "non_commercial": "its licence forbids commercial use",
        "unknown": "its licence is of no known class",
    },
    "metric_info": {"yes": "its metadata names metrics", "no": "its metadata names no metrics"},
    "dataset_info": {"yes": "its metadata names training data", "no": "its metadata names no training data"},
    "training_info": {"yes": "its metadata names the training", "no": "its metadata does not name the training"},
    "evaluation_results": {
        "yes": "its metadata gives evaluation results",
        "no": "its metadata gives no evaluation results",
    },
    "card_topics": dict.fromkeys(
        ("none", "one", "two", "three", "all"),
        "its README describes {words}: data, training, evaluation and intended use",
    ),
    "base_model_info": {
        "yes": "it states its base model",
        "elsewhere": "its README names its base model, which its metadata does not",
        "no": "it derives from another model and does not say which",
        "not_found": "it derives from another model; its metadata does not say from which, and its README was not read",
    },
    "safetensors": {
        "all_safe": "its weights come only as safetensors or GGUF",
        "safe_tag": "it is tagged with a safe weight format; its list of files was not seen",
        "mixed": "some of its weights come in formats that can run code",
        "unsafe_only": "its weights come only in formats that can run code",
    },
    "unsafe_files": {
        "none": "none of its files can run code",
        "code_only": "it holds scripts ({number})",
        "beside_safe": "it holds pickled weights beside safe ones ({number})",
        "unsafe_only": "it holds pickled weights and no safe ones ({number})",
    },
    "hub_scan": {
        "safe": "the Hub's scanners found nothing",
        "caution": "the Hub's scanners advise caution",
        "suspicious": "the Hub's scanners call a file suspicious",
        "unsafe": "the Hub's scanners call a file unsafe",
    },
    "example_code": {"yes": "its card shows in code how to use it", "no": "its card shows no code"},
    "remote_code": {
        "yes": "loading it runs Python code from its repository",
        "no": "loading it runs no code from its repository",
    },
    "typosquatting": {
        "none": "its name looks like no well-known owner's or model's",
        "low": "its owner's name is close to a well-known owner's",
        "high": "its name looks like a well-known owner's or model's",
    },
    "access_control": {
        "yes": "its owner controls who gets the files",
        "no": "its owner does not control who gets the files",
    },
}
