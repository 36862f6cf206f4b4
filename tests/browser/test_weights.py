"""The weights component on the page: a drag draws what the engine will say, and hands over when it is let go."""

import pytest
from playwright.sync_api import expect

from scoring.view import ModelView
from tests import network, serving

pytestmark = pytest.mark.browser


def slider(tab, weight):
    return tab.locator(f"section.weights [data-id={weight}] > input")


def names(tab):
    return tab.locator("section.weights .bars li .name")


def expected(view, bundled, count=10):
    scores = view.score(bundled)
    return [str(scores.ids[i]) for i in scores.order[:count]]


def test_a_drag_draws_at_every_step_and_hands_over_when_let_go(server, visitor, bundled):
    tab = visitor(server)
    expect(names(tab)).to_have_text(expected(ModelView(), bundled))
    box = slider(tab, "security").bounding_box()
    y, start = box["y"] + box["height"] / 2, box["x"] + 0.3 * box["width"]
    tab.mouse.move(start, y)
    tab.mouse.down()
    tab.mouse.move(box["x"] + box["width"] + 9, y, steps=5)
    moved = ModelView(weights={"security": 100.0})
    assert set(expected(moved, bundled)) != set(expected(ModelView(), bundled))
    tab.wait_for_function(
        "wanted => JSON.stringify([...document.querySelectorAll('*')].flatMap(e => e.shadowRoot ? "
        "[...e.shadowRoot.querySelectorAll('.bars li')] : []).sort((a, b) => a.getBoundingClientRect().y - "
        "b.getBoundingClientRect().y).map(e => e.querySelector('.name').textContent)) === JSON.stringify(wanted)",
        arg=expected(moved, bundled),
    )
    expect(tab.locator("tbody.rows a").first).to_have_text(expected(ModelView(), bundled)[0])
    assert "security" not in tab.evaluate("location.search"), "nothing is handed over before the slider is let go"
    tab.mouse.up()
    expect(tab.locator("tbody.rows a")).to_have_text(expected(moved, bundled, 25))
    tab.wait_for_function("location.search === '?security=100'")
    expect(names(tab)).to_have_text(expected(moved, bundled))
    assert tab.locator(".moved.up").count()

    tab.get_by_role("button", name="Undo").click()
    expect(tab.locator("tbody.rows a")).to_have_text(expected(ModelView(), bundled, 25))
    tab.wait_for_function("location.search === ''")
    assert tab.problems == []


def test_keys_presets_and_a_factor_move_it_too_and_another_visitor_keeps_their_own(server, visitor, bundled):
    tab, other = visitor(server), visitor(server + "/?popularity=0")
    slider(tab, "popularity").press("Home")
    expect(slider(tab, "popularity")).to_have_attribute("aria-valuetext", "0, 0% of the total")
    tab.wait_for_function("location.search === '?popularity=0'")
    tab.get_by_label("Start from").select_option("adoption")
    adoption = ModelView(preset="adoption")
    expect(tab.locator("tbody.rows a")).to_have_text(expected(adoption, bundled, 25))
    tab.get_by_text("Factors of Popularity").click()
    slider(tab, "likes").press("End")
    moved = ModelView(preset="adoption", weights={"likes": 10.0})
    expect(tab.locator("tbody.rows a")).to_have_text(expected(moved, bundled, 25))
    expect(names(other)).to_have_text(expected(ModelView(weights={"popularity": 0.0}), bundled))
    assert tab.problems + other.problems == []


def test_weights_of_zero_and_a_filter_that_leaves_none_have_their_sentence(server, visitor, bundled):
    tab = visitor(server + "/?popularity=0&operational=0&activity=0&search=whisper")
    expect(names(tab).first).to_contain_text("whisper")
    slider(tab, "security").press("Home")
    expect(tab.locator("section.weights [role=alert]")).to_contain_text("All weights are zero")
    slider(tab, "security").press("End")
    expect(tab.locator("section.weights [role=alert]")).to_have_text("")
    lock = tab.get_by_role("button", name="Lock Security")
    lock.click()
    expect(tab.locator("section.weights [role=alert]")).to_contain_text("What is locked is the whole total")
    expect(slider(tab, "security")).to_be_disabled()
    lock.click()
    tab.get_by_label("Search", exact=True).fill("no model is called so")
    expect(names(tab)).to_have_count(0)
    assert tab.problems == []


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """The address of an app for which the bundled models are more than a message carries."""
    folder = tmp_path_factory.mktemp("few")
    lines = [(network.GUARD / "sitecustomize.py").read_text().replace("__file__", repr(str(network.GUARD / "_")))]
    lines += ["import scoring.preview", "scoring.preview.MOST_BY_FACTOR = 1000"]
    (folder / "sitecustomize.py").write_text("\n".join(lines))
    with serving.app(folder / "log.txt", PYTHONPATH=str(folder)) as address:
        yield address


WIRE = 'globalThis[Symbol.for("weighbridge.weights")]'
# A name is asked for and a slider is let go of at one time.
BOTH = """() => {
  const roots = [...document.querySelectorAll("*")].map((e) => e.shadowRoot).filter(Boolean)
  const slider = roots.map((root) => root.querySelector("section.weights [data-id=security] > input")).find(Boolean)
  globalThis[Symbol.for("weighbridge.weights")].ask([7])
  slider.value = 100
  for (const kind of ["input", "change"]) slider.dispatchEvent(new Event(kind))
}"""


def test_more_models_than_a_message_carries_come_as_a_file_and_their_names_when_they_are_seen(few, visitor, bundled):
    tab, files = visitor("about:blank"), []
    tab.on("response", lambda answer: files.extend([answer] if "/files/" in answer.url else []))
    tab.goto(few + "/?pin=openai%2Fwhisper-large-v3")
    expect(names(tab)).to_have_text([*expected(ModelView(), bundled), "openai/whisper-large-v3"])
    (first,) = files
    assert first.headers["content-encoding"] == "gzip"
    assert "immutable" in first.headers["cache-control"]
    slider(tab, "popularity").press("Home")
    expect(slider(tab, "popularity")).to_have_attribute("aria-valuetext", "0, 0% of the total")
    moved = ModelView(weights={"popularity": 0.0})
    expect(tab.locator("tbody.rows a")).to_have_text(expected(moved, bundled, 25))
    expect(names(tab)).to_have_text([*expected(moved, bundled), "openai/whisper-large-v3"])
    assert len(files) == 1, "the weights of categories move what is there"
    tab.get_by_role("button", name="factor weights").click()
    tab.get_by_role("slider", name="Safe weight formats").press("Home")
    moved = ModelView(weights={"popularity": 0.0, "safetensors": 0.0})
    expect(tab.locator("tbody.rows a")).to_have_text(expected(moved, bundled, 25))
    expect(names(tab)).to_have_text([*expected(moved, bundled), "openai/whisper-large-v3"])
    assert len({one.url for one in files}) == 2
    tab.keyboard.press("Escape")
    tab.evaluate(BOTH)
    moved = ModelView(weights={"popularity": 0.0, "safetensors": 0.0, "security": 100.0})
    expect(tab.locator("tbody.rows a")).to_have_text(expected(moved, bundled, 25))
    for weight in ("activity", "operational", "security"):
        slider(tab, weight).press("Home")
    expect(tab.locator("section.weights [role=alert]")).to_contain_text("All weights are zero")
    slider(tab, "security").press("End")
    expect(tab.locator("section.weights [role=alert]")).to_have_text("")
    tab.get_by_label("Search", exact=True).fill("no model is called so")
    expect(names(tab)).to_have_text(["openai/whisper-large-v3"])
    assert tab.problems == []


def test_a_file_that_does_not_come_is_a_sentence_and_the_table_is_there(few, visitor):
    tab = visitor("about:blank")
    tab.route("**/files/*", lambda route: route.fulfill(status=404))
    tab.goto(few)
    expect(tab.locator("section.weights")).to_contain_text("The models could not be fetched; load the page again")
    expect(tab.locator("tbody.rows a")).to_have_count(25)
    assert [problem for problem in tab.problems if "/files/" not in problem] == []


def test_a_page_that_is_left_holds_no_models(few, visitor):
    tab = visitor(few)
    expect(names(tab)).to_have_count(10)
    expect(tab.locator("tbody.rows a")).to_have_count(25)
    tab.evaluate(f"window.left = new WeakRef({WIRE}.to)")
    names(tab).first.click()
    tab.wait_for_function(f"{WIRE}.to === null")
    tab.context.new_cdp_session(tab).send("HeapProfiler.collectGarbage")
    assert tab.evaluate("window.left.deref()") is None
