"""Model: the models that an organisation publishes, how they are used, and who takes part."""

from scoring.factors import indicator
from scoring.types import Category

# Indicator -> the word in a repository's `modality`, in the order in which the published tables add them up; embodied
# models are few and no published table has them.
MODALITIES = {
    "vision": "Vision",
    "language": "Language",
    "speech": "Speech",
    "3d": "3D",
    "multimodal": "Multimodal",
    "protein": "Protein",
    "vector": "Vector",
}
ACTIVITY = "Contributor activity"

_MOST_MODELS = {
    "3d": 20,
    "protein": 20,
    "multimodal": 500,
    "vector": 200,
    "vision": 500,
    "language": 500,
    "speech": 1000,
}
_MOST_DOWNLOADS = {"3d": 1e6, "protein": 5e7, "vector": 5e8} | dict.fromkeys(
    ("language", "speech", "vision", "multimodal"), 2e8
)
_NAMES = {word: word.lower() for word in MODALITIES.values()} | {"3D": "3D", "Vector": "embedding"}

_DOWNLOADS = tuple(
    indicator(
        "model",
        f"downloads_{name}",
        label=f"Downloads of {_NAMES[word]} models",
        question=f"How often were its {_NAMES[word]} models downloaded in the last month?",
        why="Downloads are the plainest sign of use.",
        group="Model usage volume",
        high=_MOST_DOWNLOADS[name],
        unit="downloads",
        remedy="Publish on platforms that count downloads, in formats that common libraries load.",
        seed="Model: usage metrics",
    )
    for name, word in MODALITIES.items()
)
_DESCENDANTS = indicator(
    "model",
    "descendants",
    label="Models built on its models",
    question="How many models on Hugging Face are derived from its models?",
    why="Others build on what they trust and may use.",
    group="Model usage volume",
    high=200_000,
    unit="models",
    remedy="Choose a licence that allows derivatives, and ask for `base_model:` in their cards.",
    seed="Model: usage metrics",
)
_MODELS = tuple(
    indicator(
        "model",
        f"num_{name}",
        label=f"{_NAMES[word][:1].upper()}{_NAMES[word][1:]} models",
        question=f"How many {_NAMES[word]} models with 50 or more downloads in the last month does it publish?",
        why="Models for many kinds of data serve many kinds of users.",
        group="Model modality coverage",
        high=_MOST_MODELS[name],
        unit="models",
        remedy=f"Publish {_NAMES[word]} models.",
        seed="Model: modality coverage",
    )
    for name, word in MODALITIES.items()
)
_LIKES = indicator(
    "model",
    "likes",
    label="Likes",
    question="How many likes do its models have?",
    why="A like costs a person a moment: it says that somebody cared.",
    group=ACTIVITY,
    high=100_000,
    unit="likes",
    remedy="Ask satisfied users to like the models on their pages.",
    seed="Model: contributor activity",
)
_ISSUES = indicator(
    "model",
    "issue",
    label="Discussions",
    question="How many discussions and pull requests do its models have on their community pages?",
    why="Questions and fixes from outside show that a community takes part.",
    group=ACTIVITY,
    high=10_000,
    unit="threads",
    remedy="Keep the community pages open and answer them.",
    seed="Model: contributor activity",
)
_CHIPS = indicator(
    "model",
    "num_adapted_chips",
    label="Adapted chips",
    question="On how many makers' chips do its models run?",
    why="Models that run on several makers' chips depend on none of them.",
    group="Chip adaptation",
    high=10,
    unit="chips",
    remedy="Test the models on further chips and say so.",
)
_CONTRIBUTORS = indicator(
    "model",
    "contributors",
    label="Contributors",
    question="How many people committed to its models' repositories of code in the last twelve months?",
    why="Many hands keep models alive when one leaves.",
    group=ACTIVITY,
    high=1_000,
    unit="people",
    remedy="Develop in the open, with authors named in the history.",
    seed="Model: contributor activity",
)
# Name -> the words for it, and between how many billion parameters.
SIZES = {
    "below_1b": ("of less than 1 billion parameters", 0, 1),
    "1b_to_10b": ("of 1 to 10 billion parameters", 1, 10),
    "10b_to_100b": ("of 10 to 100 billion parameters", 10, 100),
    "from_100b": ("of 100 billion parameters or more", 100, 1e6),
}
_SCALE = indicator(
    "model",
    "scale",
    label="Largest model",
    question="How many billion parameters does its largest open model have?",
    why="Few can train the largest models; opening one gives others what they could not make.",
    group="Model scale",
    high=2_000,
    unit="billion parameters",
    remedy="State the number of parameters in the model card.",
    seed="Model: model scale",
)
_OF_SIZE = tuple(
    indicator(
        "model",
        f"num_{name}",
        label=f"Models {size}",
        question=f"How many models known to be {size} does it publish?",
        why="Models of many sizes serve phones and data centres alike.",
        group="Model scale",
        high=1_000,
        unit="models",
        remedy="Publish models of several sizes, with the size in their names.",
        seed="Model: model scale",
    )
    for name, (size, _, _) in SIZES.items()
)
_SOURCE = indicator(
    "model",
    "open_source_code",
    label="Openness of source code",
    question="How open are its reviewed models: training code, other code, weights, data and licence (0 to 1)?",
    why="Weights alone can be used; only with the code can they be checked and made again.",
    group="Openness of source code",
    remedy="Publish the code under an open licence, link it from the model card, and have the model reviewed.",
    seed="Model: openness of the model's source code",
)

# Of the seed, and in no table of the reference project.
FURTHER = ("model_contributors", "model_scale", *(f.id for f in _OF_SIZE), "model_open_source_code")

MODEL_INFLUENCE = Category(
    id="model",
    label="Model",
    weight=25,
    factors=(*_DOWNLOADS, _DESCENDANTS, *_MODELS, _LIKES, _ISSUES, _CHIPS, _CONTRIBUTORS, _SCALE, *_OF_SIZE, _SOURCE),
    colour="#A2933B",
)
