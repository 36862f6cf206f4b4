"""The view options are read as the keys of a link are, and stand in every command that takes them."""

import dataclasses
import inspect
from datetime import date

import pytest

from scoring.view import ModelView, OrganisationView
from terminal.messages import Refused
from terminal.options import Chosen, choosing, day, options_of, view_of, with_view

OPTIONS = options_of(ModelView)
KEYS = {"preset", "unknown", "yardstick", "license", "search", "task", "publisher", "snapshot", "min_coverage"}
KEYS |= {"params", "context", "openness", "results_by", "count", "library", "evidence", "memory", "bits", "changed"}
KEYS |= {"hide_flagged", "sort", "reverse"}
CHART = {"chart", "x", "y", "colour"}
FLAGS = {"for_": "task_group"}  # an option under another name than its key


def asked(kind=ModelView, offered=None, **options):
    """Return the view that these options make."""
    return view_of(kind, offered, given=dict.fromkeys(options_of(kind)) | options)


def test_no_options_are_the_usual_view():
    assert asked() == ModelView()


def test_there_is_an_option_for_each_key_of_a_link():
    fields = {f.name for f in dataclasses.fields(ModelView)}
    assert set(OPTIONS) >= KEYS
    assert set(OPTIONS) - KEYS - set(FLAGS) == {"weight", "no_cap"}
    # A pinned model is a row on screen: the command line has --id; its CSV has all columns, and it draws no chart.
    assert fields - KEYS - set(FLAGS.values()) == {"weights", "cap", "pin", "columns", *CHART}


def test_the_organisations_options_are_the_keys_of_their_links():
    assert set(options_of(OrganisationView)) == {"month", "method", "count", "organisation", "weight"}
    offered = {"month": ["2025-08-07", "2025-09-07"], "only": ["Meta", "BAAI"]}
    weights = ["model_group_model_usage_volume=2"]
    found = asked(OrganisationView, offered, month="2025-08-07", organisation=["meta"], weight=weights)
    assert found.query() == {"month": "2025-08-07", "model_group_model_usage_volume": "2", "only": ["Meta"]}
    with pytest.raises(Refused, match="There is no organisation “Metta”; the nearest is Meta"):
        asked(OrganisationView, offered, organisation=["Metta"])


def test_a_command_about_one_subject_has_no_filters():
    of_one = set(options_of(ModelView, use="one"))
    assert of_one & {"for_", "search", "task", "license", "publisher", "params", "context", "results_by"} == set()
    assert {"preset", "weight", "count", "unknown", "yardstick", "min_coverage", "no_cap", "snapshot"} <= of_one
    assert choosing(asked(for_=["embed"], search="x", count="all")) == ["--for", "--search"]
    assert choosing(asked(preset="adoption")) == []


def test_each_option_reaches_the_view():
    found = asked(
        weight=["likes=3", "security=0.5", "likes=4"],
        **{"preset": "adoption", "unknown": "skip", "yardstick": "population", "min_coverage": "0.25", "no_cap": True},
        **{"search": "bert", "task": ["fill-mask"], "license": ["custom"], "publisher": ["Qwen", "official"]},
        **{"params": "8b", "context": "32k", "openness": ["open_code"], "results_by": ["A board"]},
        **{"library": ["mlx"], "evidence": ["listing"], "memory": "8", "bits": "4", "changed": "1y"},
        **{"snapshot": "2026-10-08", "hide_flagged": True},
        for_=["embed", "speech"],
    )
    assert found == ModelView(
        preset="adoption",
        weights={"likes": 4, "security": 0.5},
        unknown="skip",
        yardstick="population",
        min_coverage=0.25,
        cap=False,
        search="bert",
        task=("fill-mask",),
        license=("custom",),
        publisher=("Qwen", "official"),
        params="8b",
        context="32k",
        openness=("open_code",),
        results_by=("A board",),
        library=("mlx",),
        evidence=("listing",),
        memory="8",
        bits="4",
        changed="1y",
        hide_flagged=True,
        task_group=("embeddings", "speech"),
        snapshot="2026-10-08",
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"weight": ["lkes=3"]},
            "--weight lkes=3 is not ID=N with the id of a category or factor; the nearest are likes",
        ),
        ({"weight": ["=3"]}, "--weight =3 is not ID=N"),
        ({"weight": ["likes=3=4"]}, "--weight likes=“3=4” is not a number from 0 to 100."),
        ({"min_coverage": "half"}, "--min-coverage “half” is not a number from 0 to 1."),
        ({"preset": "x", "unknown": "y"}, "--preset “x” is not one of balanced, security_first, adoption, "),
        ({"for_": ["poetry"]}, "There is no task group “poetry”; there are language, embeddings, speech, vision, "),
    ],
)
def test_what_a_link_would_ignore_is_refused(options, said):
    with pytest.raises(Refused) as wrong:
        asked(**options)
    assert str(wrong.value).startswith(said)


def test_all_weights_zero_is_refused_and_nothing_else_is_promised():
    zero = [f"{c}=0" for c in ("popularity", "activity", "operational", "security")]
    with pytest.raises(Refused) as wrong:
        asked(weight=zero)
    assert str(wrong.value) == "All weights are zero, so nothing can be ranked; raise at least one weight."


def test_a_command_keeps_its_own_parameters_and_gains_the_shared_ones():
    @with_view(ModelView)
    def command(name: str, top: int = 5, *, chosen: Chosen, snapshot: str | None) -> None:
        assert chosen(ModelView).snapshot == snapshot == "2026-10-08"

    parameters = inspect.signature(command).parameters
    assert list(parameters) == ["name", "top", *OPTIONS]
    assert all(p.kind is p.KEYWORD_ONLY for p in parameters.values())
    command(**dict.fromkeys(OPTIONS) | {"name": "x", "top": 5, "snapshot": "2026-10-08"})


def test_a_day_is_read_or_the_default_taken():
    assert day(None, "2026-10-08") == date(2026, 10, 8)
    assert day("2025-02-03", "2026-10-08") == date(2025, 2, 3)
    with pytest.raises(Refused, match="--as-of soon is not a date; write it as 2026-10-08"):
        day("soon", "2026-10-08")
