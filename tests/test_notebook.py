"""The notebooks run from start to end in a fresh kernel, with the same public calls as the pages."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def executed(request):
    notebook = nbformat.read(request.param, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(ROOT)}}).execute()
    return notebook


def test_runs_without_an_error_or_a_warning(executed):
    outputs = [o for cell in executed.cells if cell.cell_type == "code" for o in cell.outputs]
    assert not [o for o in outputs if o.output_type == "error"]
    assert not [o.text for o in outputs if o.get("name") == "stderr"]


def test_shows_scores_as_a_table_and_charts_as_charts(executed):
    shown = [o.data for cell in executed.cells if cell.cell_type == "code" for o in cell.outputs if "data" in o]
    assert any("Model scorecard" in data.get("text/html", "") for data in shown)
    assert sum("application/vnd.plotly.v1+json" in data for data in shown) >= 2


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_is_kept_without_outputs(path):
    code = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert code
    assert not [cell for cell in code if cell.outputs or cell.execution_count]
