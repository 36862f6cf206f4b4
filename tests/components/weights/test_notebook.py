"""The weights component in a notebook: what is moved in the cell is what Python has, and the other way round."""

import pytest
from playwright.sync_api import expect

from components.weights.notebook import Explorer
from scoring.view import ModelView


@pytest.fixture
def explorer(bundled):
    return Explorer(bundled, ModelView(task=("text-generation",), pin=("openai/whisper-large-v3",)))


def released(explorer, serial=1, preset="balanced", **weights):
    usual = ModelView(preset=preset).usual
    explorer.moved = {"weights": usual | weights, "preset": preset, "serial": serial}


def test_what_is_let_go_of_is_what_python_has(explorer, bundled):
    calls = []
    explorer.observe(lambda change: calls.append(change["new"]["security"]), "weights")
    released(explorer, preset="adoption", security=77.0)
    assert explorer.weights["security"] == 77
    assert explorer.view == ModelView(
        task=("text-generation",), preset="adoption", pin=("openai/whisper-large-v3",), weights={"security": 77.0}
    )
    assert explorer.scores.order.tolist() == explorer.view.score(bundled).order.tolist()
    assert explorer.now["serial"] == 1
    assert set(explorer.now["exact"]) <= set(bundled.facts.loc[bundled.facts["task"] == "text-generation", "id"])
    assert calls == [77]


def test_what_python_sets_moves_the_sliders(explorer):
    explorer.weights = {"popularity": 5}
    assert explorer.now["weights"]["popularity"] == 5
    assert explorer.view.weights == {"popularity": 5}


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        ({"popularty": 1}, "There is no weight popularty; the weights are popularity"),
        ({"likes": -1}, "likes=-1 is not a number from 0 to 100"),
        (dict.fromkeys(("popularity", "activity", "operational", "security"), 0), "All weights are zero"),
    ],
)
def test_what_cannot_be_weighed_is_one_sentence_and_changes_nothing(explorer, weights, sentence):
    before = explorer.view
    with pytest.raises(ValueError, match=sentence):
        explorer.weights = weights
    assert explorer.view == before


def test_it_says_what_it_weighs(explorer):
    released(explorer, preset="adoption", security=77.0)
    assert repr(explorer).endswith("models under the Adoption weights with security 77")


def test_weights_that_leave_nothing_wait_until_something_weighs(explorer):
    before = explorer.view
    released(explorer, popularity=0.0, activity=0.0, operational=0.0, security=0.0)
    assert explorer.view == before
    released(explorer, serial=2, popularity=0.0, activity=0.0, operational=0.0)
    assert explorer.view.weights == {"popularity": 0, "activity": 0, "operational": 0}


# What anywidget promises to a front-end module: get, set, save_changes, on and off.
HOST = """async ([code, bytes, state]) => {
  const read = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer)
  const values = { ...state, data: read(bytes.data), listed: read(bytes.listed) }
  const { default: widget } = await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })))
  const el = document.body.appendChild(document.createElement("div"))
  window.saved = []
  const model = { get: (key) => values[key], set: (key, value) => (values[key] = value), on() {}, off() {} }
  model.save_changes = () => window.saved.push(values.moved)
  window.leave = widget.render({ model, el })
}"""


@pytest.mark.browser
def test_the_cell_draws_and_hands_over(explorer, visitor):
    import base64

    tab = visitor("about:blank")
    sent = {name: base64.b64encode(getattr(explorer, name)).decode() for name in ("data", "listed")}
    tab.evaluate(HOST, [Explorer._esm, sent, {"now": explorer.now}])
    names = tab.locator(".bars li .name")
    first = explorer.first
    expect(names).to_have_text([*explorer.scores.ids[first], "openai/whisper-large-v3"])
    marks = tab.locator(".tips > span")
    expect(marks).to_have_count(sum(map(len, explorer.now["tips"].values())))
    tab.get_by_role("slider", name="Security").press("End")
    expect(marks).to_have_count(len(explorer.now["tips"]["security"]))  # the others are of other weights
    tab.wait_for_function("window.saved.length === 1")
    explorer.moved = tab.evaluate("window.saved[0]")
    assert explorer.view.weights == {"security": 100}
    first = explorer.first
    expect(names).to_have_text([*explorer.scores.ids[first], "openai/whisper-large-v3"])
    tab.evaluate("window.leave()")
    expect(names).to_have_count(0)
    assert tab.problems == []
