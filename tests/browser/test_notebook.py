"""The weights in JupyterLab: what a hand moves in a cell is what the next cell has, in every view of the widget."""

import json
import os
import re
import sys

import nbformat
import psutil
import pytest
from playwright.sync_api import expect

import weighbridge as wb
from tests import network, notebooks, serving

pytestmark = pytest.mark.browser

NOW = """import json
ranked = board.rank(task="embeddings", weights=explorer.weights)
print(json.dumps([explorer.weights, ranked.table["model"].head(10).tolist()]))"""
# Nothing of whoever runs the tests is read or written.
PLACES = "CONFIG_DIR DATA_DIR RUNTIME_DIR LAB_SETTINGS_DIR LAB_WORKSPACES_DIR".split()
QUIET = (
    "--no-browser --allow-root --IdentityProvider.token= --ServerApp.disable_check_xsrf=True --LabApp.news_url=None "
)
QUIET += "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"


@pytest.fixture
def lab(tmp_path):
    """JupyterLab on a copy of the notebook, with a second view of the sliders and a cell that says what Python has."""
    copy = notebooks.read(notebooks.ROOT / "notebooks/whatif.ipynb")
    settings = tmp_path / ".jupyter/LAB_SETTINGS_DIR/@jupyterlab/notebook-extension/tracker.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text('{"windowingMode": "none"}')  # else a cell is drawn when it is seen, or when there is time
    copy.cells += [nbformat.v4.new_code_cell(source) for source in ("explorer", NOW)]
    nbformat.write(copy, tmp_path / "whatif.ipynb")
    places = {f"JUPYTER{'' if 'LAB' in place else '_'}{place}": str(tmp_path / ".jupyter" / place) for place in PLACES}
    paths = os.pathsep.join([str(network.GUARD), str(serving.ROOT)])
    environment = network.environment(PYTHONPATH=paths, IPYTHONDIR=str(tmp_path / ".ipython"), **places)
    port = serving.free_port()
    command = [sys.executable, "-m", "jupyterlab", str(tmp_path), *QUIET.split(), "--port", str(port)]
    with serving.answering(
        command, f"http://127.0.0.1:{port}", tmp_path / "log.txt", environment, healthy="/api"
    ) as address:
        yield address
    commands = [" ".join(run.info["cmdline"] or ()) for run in psutil.process_iter(["cmdline"])]
    left = [command for command in commands if str(tmp_path) in command]
    assert left == [], "a kernel outlives its server"


def run_last(tab):
    """Run the last cell once more: what the kernel weighs, and its first ten."""
    cell = tab.locator(".jp-CodeCell").last
    counted = cell.locator(".jp-InputPrompt")
    before = counted.inner_text()
    cell.locator(".cm-content").press("Control+Enter")
    expect(counted).to_have_text(re.compile(r"\d"))
    expect(counted).not_to_have_text(before)
    return json.loads(cell.locator(".jp-OutputArea-output").inner_text())


def test_what_a_hand_moves_in_a_cell_is_what_the_next_cell_has(lab, visitor):
    tab = visitor(f"{lab}/lab/tree/whatif.ipynb")
    tab.set_viewport_size({"width": 1400, "height": 4000})  # a cell out of sight is not drawn
    expect(tab.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
    tab.get_by_role("menuitem", name="Run", exact=True).click()
    tab.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    views = tab.get_by_role("region", name="Weights")
    expect(views).to_have_count(2)
    one, other = views.all()

    def both_have(**weights):
        for view in (one, other):
            for weight, value in weights.items():
                expect(view.get_by_role("slider", name=weight)).to_have_value(value)
        kernel, first = run_last(tab)
        assert {weight: f"{kernel[weight.lower()]:g}" for weight in weights} == weights
        assert first == wb.load().rank(task="embeddings", weights=kernel).table["model"].head(10).tolist()
        for view in (one, other):
            expect(view.locator(".bars .name")).to_have_text(first)
        return first

    before = both_have(Security="60", Popularity="10")
    one.get_by_role("slider", name="Security").press("Home")
    without = both_have(Security="0", Popularity="10")
    assert without != before

    popularity = other.get_by_role("slider", name="Popularity")
    popularity.click(position={"x": 0.9 * popularity.bounding_box()["width"], "y": 5})
    expect(popularity).not_to_have_value("10")
    assert both_have(Security="0", Popularity=popularity.input_value()) != without
    assert tab.problems == []
