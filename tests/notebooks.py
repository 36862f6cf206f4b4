"""The notebooks, run from start to end: `python -m tests.notebooks` writes their outputs anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
FIGURE = "application/vnd.plotly.v1+json"


def read(path: Path) -> Any:
    """Return a notebook as it is kept, with its outputs."""
    return nbformat.read(path, as_version=4)


def executed(path: Path) -> Any:
    """Return a notebook with the outputs of a fresh kernel, without the times at which it ran."""
    notebook = read(path)
    resources = {"metadata": {"path": str(ROOT)}}
    NotebookClient(notebook, timeout=120, record_timing=False, store_widget_state=False, resources=resources).execute()
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def outputs(notebook: Any) -> list[list[Any]]:
    """Return what each cell of code gave."""
    return [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]


def texts(notebook: Any) -> list[list[Any]]:
    """Return the texts that each cell of code gave: of a figure none."""
    return [
        [
            {kind: text for kind, text in output.data.items() if kind.startswith("text/")}
            if "data" in output
            else output.get("text")
            for output in given
            if FIGURE not in output.get("data", ())
        ]
        for given in outputs(notebook)
    ]


if __name__ == "__main__":
    for one in NOTEBOOKS:
        nbformat.write(executed(one), one)
