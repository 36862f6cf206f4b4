"""Data: the data sets that an organisation publishes, how they are used, and its tools for making them."""

from scoring.factors import indicator
from scoring.types import Category

# Indicator -> the word in a repository's `modality` or `lifecycle`.
MODALITIES = {
    "language": "Language",
    "speech": "Speech",
    "vision": "Vision",
    "multimodal": "Multimodal",
    "embodied": "Embodied",
}
LIFECYCLES = {"pretraining": "Pre-training", "finetuning": "Fine-tuning", "preference": "Preference"}

COVERAGE = "Dataset modality coverage"
LIFECYCLE = "Large model lifecycle"

_MOST_SETS = {"language": 300, "speech": 100, "vision": 200, "multimodal": 100, "embodied": 20}
_MOST_DOWNLOADS = {"language": 2e6, "speech": 2e5, "vision": 1e7, "multimodal": 1e6, "embodied": 2e6}
_MOST_SETS_BY_STAGE = {"pretraining": 300, "finetuning": 300, "preference": 100}
_MOST_DOWNLOADS_BY_STAGE = {"pretraining": 1e7, "finetuning": 1e6, "preference": 1e5}

_SETS = tuple(
    indicator(
        "data",
        f"num_{name}",
        label=f"{word} data sets",
        question=f"How many {word.lower()} data sets does it publish?",
        why="Data sets of many kinds let others train and check models of many kinds.",
        group=COVERAGE,
        high=_MOST_SETS[name],
        unit="data sets",
        remedy=f"Publish {word.lower()} data sets on an open platform.",
        seed="Data: dataset coverage",
    )
    for name, word in MODALITIES.items()
)
_DOWNLOADS = tuple(
    indicator(
        "data",
        f"downloads_{name}",
        label=f"Downloads of {word.lower()} data sets",
        question=f"How often were its {word.lower()} data sets downloaded in the last month?",
        why="Downloads show that others work with the data.",
        group=COVERAGE,
        high=_MOST_DOWNLOADS[name],
        unit="downloads",
        remedy="Document the data sets and keep them on a platform that counts downloads.",
        seed="Data: dataset coverage",
    )
    for name, word in MODALITIES.items()
)
_USAGE = indicator(
    "data",
    "dataset_usage",
    label="Models trained on its data",
    question="How many models on Hugging Face say that they were trained on its data sets?",
    why="A model that names a data set is the strongest sign that the data is used.",
    group=COVERAGE,
    high=10_000,
    unit="models",
    remedy="Ask users of your data to list it under `datasets:` in their model cards.",
    seed="Data: dataset coverage",
)
_SETS_BY_STAGE = tuple(
    indicator(
        "data",
        f"num_{name}",
        label=f"{word} data sets",
        question=f"How many {word.lower()} data sets does it publish?",
        why="A large model needs different data at every stage of its life.",
        group=LIFECYCLE,
        high=_MOST_SETS_BY_STAGE[name],
        unit="data sets",
        remedy=f"Publish {word.lower()} data sets and say for which stage they are meant.",
        seed="Data: lifecycle coverage of large models",
    )
    for name, word in LIFECYCLES.items()
)
_DOWNLOADS_BY_STAGE = tuple(
    indicator(
        "data",
        f"downloads_{name}",
        label=f"Downloads of {word.lower()} data sets",
        question=f"How often were its {word.lower()} data sets downloaded in the last month?",
        why="Downloads show at which stage others rely on the data.",
        group=LIFECYCLE,
        high=_MOST_DOWNLOADS_BY_STAGE[name],
        unit="downloads",
        remedy="Document the data sets and keep them on a platform that counts downloads.",
        seed="Data: lifecycle coverage of large models",
    )
    for name, word in LIFECYCLES.items()
)
_OPERATORS = indicator(
    "data",
    "operators",
    label="Data processing operators",
    question="How many operators do its open tools for processing data offer?",
    why="Open tools let others clean and make data the same way.",
    group="Data processing tools",
    high=200,
    unit="operators",
    remedy="Open the tools that you process data with.",
    seed="Data: data processing tools",
)
_INDUSTRY = indicator(
    "data",
    "num_industry",
    label="Industry-specific data sets",
    question="How many data sets made for an industry (medicine, law, finance, science, ...) does it publish?",
    why="General data rarely covers the language and the rules of a profession.",
    group="Industry-specific data",
    high=100,
    unit="data sets",
    remedy="Name the industry in the data set's card.",
    seed="Data: industry-specific data",
)

FURTHER = ("data_num_industry",)  # of the seed, and in no table of the reference project

DATA = Category(
    id="data",
    label="Data",
    weight=25,
    factors=(*_SETS, *_DOWNLOADS, _USAGE, *_SETS_BY_STAGE, *_DOWNLOADS_BY_STAGE, _OPERATORS, _INDUSTRY),
    colour="#8347CF",
)
