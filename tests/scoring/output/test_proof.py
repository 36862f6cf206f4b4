"""A receipt as a file: it sums as printed, survives a round trip, and any altered digit is found and named."""

import json
import random
import re
from dataclasses import replace

import pytest

from data.organisations.month import load
from data.organisations.rollup import rollup
from scoring.output.proof import differences, read, written
from scoring.view import ModelView, OrganisationView
from terminal import organisations, proofs

MODELS = ("BAAI/bge-m3", "openai-community/gpt2", "xai-org/grok-1")


def of_model(bundled, model="BAAI/bge-m3", **settings):
    return proofs.of_model(ModelView(**settings), bundled, bundled.position[model])


def of_organisation(name="Meta", **settings):
    view = OrganisationView(**settings)
    rolled = rollup(load("2025-09-07"), "published" if view.method == "published" else "documented")
    return proofs.of_organisation(view, organisations.Scored(rolled=rolled, now=view.score(rolled), before=None), name)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("settings", [{}, {"weights": {"security": 60.0}}, {"count": "all"}], ids=str)
def test_points_sum_exactly_as_printed(bundled, model, settings):
    made = of_model(bundled, model, **settings)
    printed = round(100 * made["sum"])
    assert sum(round(100 * line["printed"]) for line in made["lines"]) == printed
    assert sum(round(100 * c["printed"]) for c in made["categories"]) == printed
    assert sum(line["points"] for line in made["lines"]) == pytest.approx(made["sum"], abs=0.005 + 1e-6)
    assert made["held_by"] or made["total"] == pytest.approx(made["sum"], abs=0.005 + 1e-6)


@pytest.mark.parametrize("method", ["documented", "documented_flat", "published"])
def test_an_organisation_has_points_as_its_method_allows(method):
    made = of_organisation(method=method)
    assert sum(round(100 * c["printed"]) for c in made["categories"]) == round(100 * made["sum"])
    lines = [line["printed"] for line in made["lines"]]
    if method == "published":
        assert set(lines) == {None}
    else:
        assert sum(round(100 * points) for points in lines) == round(100 * made["sum"])


def test_every_fact_has_its_source_link_and_day(bundled):
    lines = of_model(bundled)["lines"]
    assert [x["factor"] for x in lines if x["state"] in ("known", "absent") and not (x["source"] and x["as_of"])] == []
    assert all(line["url"].startswith("https://") for line in lines)


def test_a_round_trip_differs_in_nothing(bundled):
    for made in (of_model(bundled), of_organisation(), of_organisation(method="published")):
        assert differences(read(written(made)), made) == []


@pytest.mark.parametrize("seed", range(40))
def test_any_altered_digit_is_found(bundled, seed):
    """Whatever digit it is: the file is refused, or what is computed of what it says differs."""
    made = of_model(bundled, MODELS[seed % 3])
    text = written(made)
    found = random.Random(seed).choice(list(re.finditer(r"\d", text)))
    altered = f"{text[: found.start()]}{(int(found.group()) + 1) % 10}{text[found.end() :]}"
    try:
        kept = read(altered)
    except ValueError:
        return
    assert differences(kept, made), altered[found.start() - 40 : found.end() + 10]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda r: r["lines"][0].update(value=28726978),
            "downloads: value is 28726978 in the file and 28726979 when it is computed",
        ),
        (
            lambda r: r["lines"][1].update(printed=7.83),
            "likes: printed is 7.83 in the file and ",
        ),
        (
            lambda r: r["lines"][1].update(source="somebody"),
            "likes: source is somebody in the file and hub-stats when it is computed",
        ),
        (lambda r: r["lines"].pop(3), "papers is missing in the file"),
        (lambda r: r["lines"].append({"factor": "charm"}), "charm is in the file and no factor of this scorecard"),
        (lambda r: r["lines"].append(dict(r["lines"][0])), "a factor is in the file twice, or is none"),
        (lambda r: r["lines"].append(7), "a factor is in the file twice, or is none"),
        (lambda r: r["categories"][3].update(points=1), "security: points is 1 in the file and "),
        (lambda r: r.update(total=99.0), "total is 99.0 in the file and "),
        (lambda r: r.update(rank=True), "rank is True in the file and "),
        (lambda r: r["fingerprints"].update(weights="0"), "the fingerprint of the weights is 0 in the file and "),
        (lambda r: r["fingerprints"].update(charm="0"), "the fingerprint “charm” is 0 in the file and unknown when"),
        (lambda r: r.update(lines="none"), "the list of factors is none in the file and "),
        (lambda r: r.update(charm=1), "charm is 1 in the file and unknown when it is computed"),
    ],
)
def test_what_differs_is_named(bundled, change, sentence):
    made = of_model(bundled)
    kept = json.loads(written(made))
    change(kept)
    (found, *_) = differences(kept, made)
    assert found.startswith(sentence)


def test_only_what_decides_a_total_is_kept_of_a_view(bundled):
    made = of_model(bundled, weights={"security": 60.0}, sort="likes", pin=("a/b",), min_coverage=0.4, task=("x",))
    assert made["view"] == {"security": "60", "min_coverage": "0.4"}
    assert of_organisation(month="2025-09-07", method="published", only=("Meta",))["view"] == {"method": "published"}


def test_other_weights_are_the_first_thing_that_is_named(bundled):
    kept = of_model(bundled)
    found = differences(kept, of_model(bundled, weights={"security": 61.0}))
    assert found[0].startswith("the fingerprint of the weights is ")
    assert len(found) > 10
    others = replace(ModelView(), count="all")
    assert differences(kept, proofs.of_model(others, bundled, bundled.position["BAAI/bge-m3"]))[0].startswith(
        "the fingerprint of what counts is "
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is not JSON"),
        ('{"total": NaN}', "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("[]", "it is not a receipt that `weighbridge explain --save` wrote"),
        ("{}", "it is not a receipt that `weighbridge explain --save` wrote"),
    ],
)
def test_what_is_no_receipt_is_one_sentence(text, why):
    with pytest.raises(ValueError, match=why):
        read(text)


def test_another_format_or_kind_is_named(bundled):
    made = of_model(bundled)
    for change, why in (({"format": 2}, "its format is 2, and"), ({"kind": "apes"}, "its kind is neither models nor")):
        with pytest.raises(ValueError, match=why):
            read(written(made | change))
