"""Operational: how reliable, documented and usable a model is."""

import math

import narwhals as nw

from scoring.factors import level_of, yes_where
from scoring.types import Category, Factor

PROVIDER_LEVELS = {"official": 1.0, "established": 0.5, "neither": 0.0}
AUTHORIZATION_LEVELS = {"none": 1.0, "automatic": 0.67, "manual": 0.33, "private": 0.0}
LICENSE_LEVELS = {
    "permissive": 1.0,
    "weak_copyleft": 0.85,
    "strong_copyleft": 0.7,
    "use_restricted": 0.5,
    "custom": 0.3,
    "non_commercial": 0.25,
    "unknown": 0.1,
}

PROVIDER = Factor(
    id="provider",
    label="Reputable provider",
    question="Is its owner an official or an established organisation?",
    why="An organisation with a name to lose answers for what it publishes.",
    reads=("provider",),
    measure=nw.col("provider") / 2,
    curve="levels",
    weight=2,
    levels=PROVIDER_LEVELS,
    remedy="Publish under your organisation's verified account.",
    seed="Reputable provider",
)

# Half-lives in days: maturity is half won after one year; upkeep halves every two years after a year without update.
MATURES, PATIENCE, FADES = 365, 365, 730


def _halved(days: nw.Expr, half_life: float) -> nw.Expr:
    return (days.cast(nw.Float64) * (-math.log(2) / half_life)).exp()


_UPKEEP = _halved((nw.col("days_since_update") - PATIENCE).clip(lower_bound=0), FADES)

AGE = Factor(
    id="age",
    label="Age and upkeep",
    question="Has it had time to mature, and is it still looked after?",
    why="A mature model that is kept up is safer to build on than a new or an abandoned one.",
    reads=("age_days", "days_since_update", "age_at_least"),
    measure=_UPKEEP * (1 - 0.5 * _halved(nw.col("age_days"), MATURES)),
    weight=1,
    unit="days",
    open_end=nw.when(nw.col("age_at_least")).then(_UPKEEP).otherwise(nw.lit(None, dtype=nw.Float64)),
    remedy="Look after it: answer what users report, and update what is out of date.",
    seed="Model age",
)

AUTHORIZATION = Factor(
    id="authorization",
    label="Authorization",
    question="What must a user go through before the files open?",
    why="The fewer hurdles, the sooner a model can be used.",
    reads=("authorization",),
    measure=level_of("authorization", AUTHORIZATION_LEVELS),
    curve="levels",
    weight=0.5,
    levels=AUTHORIZATION_LEVELS,
    seed="Authorization requirements",
)

GATED = Factor(
    id="gated",
    label="Gated",
    question="Does it ask users to accept conditions first?",
    why="A gate breaks unattended downloads and shuts some users out.",
    reads=("gated",),
    measure=nw.col("gated"),
    curve="yes_no",
    better="lower",
    weight=0.5,
    seed="Gated models",
)

LICENSE_STATED = Factor(
    id="license_stated",
    label="Licence stated",
    question="Does its metadata state a licence?",
    why="Without a licence nobody may rely on it.",
    reads=("license_stated", "license_in_metadata", "license_stated_at_least"),
    measure=nw.col("license_in_metadata"),
    curve="yes_no",
    open_end=yes_where("license_stated", "license_stated_at_least"),
    weight=0.5,
    remedy="Add `license:` to the model card's metadata.",
    seed="License information",
)

LICENSE_TYPE = Factor(
    id="license_type",
    label="Licence type",
    question="How freely does its licence let others use it?",
    why="Open licences keep every use possible; restrictive ones need a lawyer first.",
    reads=("license_class", "license_in_metadata"),
    measure=level_of("license_class", LICENSE_LEVELS),
    curve="levels",
    weight=1.5,
    levels=LICENSE_LEVELS,
    applies=nw.col("license_in_metadata"),
    remedy="Choose a permissive licence such as apache-2.0 or mit.",
    seed="License type",
)


def _metadata_says(fact: str, label: str, question: str, why: str, remedy: str, seed: str, weight: float) -> Factor:
    return Factor(
        id=fact,
        label=label,
        question=question,
        why=why,
        reads=(fact,),
        measure=nw.col(fact),
        curve="yes_no",
        weight=weight,
        remedy=remedy,
        seed=seed,
    )


METRIC_INFO = _metadata_says(
    "metric_info",
    "Metric information",
    "Does its metadata say which metrics it was measured with?",
    "A result means little without its metric.",
    "List the metrics that it was measured with as `metrics:` in the card's metadata.",
    "Metric information",
    0.5,
)
DATASET_INFO = _metadata_says(
    "dataset_info",
    "Dataset information",
    "Does its metadata say which data it was trained on?",
    "Knowing the data shows what a model can have learnt, and from whom.",
    "List the training data as `datasets:` in the card's metadata.",
    "Dataset information",
    1,
)
TRAINING_INFO = _metadata_says(
    "training_info",
    "Training information",
    "Does its metadata say how it was trained, fine-tuned or aligned?",
    "A described training can be checked and repeated.",
    "Name the trainer and the method (sft, dpo, ...) under `tags:` in the card's metadata.",
    "Training data, fine-tuning, and alignment training information",
    1,
)
EVALUATION_RESULTS = _metadata_says(
    "evaluation_results",
    "Evaluation results",
    "Does its metadata give evaluation results?",
    "Results let users compare it before they download it.",
    "Give the evaluation results as `model-index:` in the card's metadata.",
    "Evaluation results",
    1,
)

CARD_TOPIC_LEVELS = {"all": 1.0, "three": 0.75, "two": 0.5, "one": 0.25, "none": 0.0}
CARD_TOPICS = Factor(
    id="card_topics",
    label="Card topics",
    question="How many of data, training, evaluation and intended use does its README describe?",
    why="What no key of the metadata can hold is told in prose.",
    reads=("card_topics",),
    measure=nw.col("card_topics") / 4,
    curve="levels",
    levels=CARD_TOPIC_LEVELS,
    weight=1,
    remedy="Describe data, training, evaluation and intended use in the README.",
    seed="(+) Training data, fine-tuning, and alignment training information",
)

BASE_MODEL_INFO = Factor(
    id="base_model_info",
    label="Base model information",
    question="If it derives from another model, does its metadata say from which?",
    why="Derivatives inherit licence, limits and risks of their base.",
    reads=("base_model_info", "base_model_in_metadata", "base_model_info_at_least", "lineage"),
    measure=nw.col("base_model_in_metadata"),
    curve="yes_no",
    open_end=yes_where("base_model_info", "base_model_info_at_least"),
    weight=0.5,
    applies=nw.col("lineage") != "original",
    remedy="State `base_model:` in the card's metadata.",
    seed="Base model information",
)

OPERATIONAL = Category(
    id="operational",
    label="Operational",
    factors=(
        PROVIDER,
        AGE,
        AUTHORIZATION,
        GATED,
        LICENSE_STATED,
        LICENSE_TYPE,
        METRIC_INFO,
        DATASET_INFO,
        TRAINING_INFO,
        EVALUATION_RESULTS,
        CARD_TOPICS,
        BASE_MODEL_INFO,
    ),
    weight=30,
    colour="#009E73",
)
