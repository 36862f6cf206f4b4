"""The rules of the house that no linter knows: tests mirror the tree, files stay short, nothing is evaluated."""

import ast
import re
from pathlib import Path

import pytest

from components.pages import PAGES
from scoring.scorecards import MODEL

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("scoring", "data", "terminal", "charts", "components", "pages", "benchmarks", "docs", "tests")
CODE = [*sorted(ROOT.glob("*.py")), *(path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py")))]
SHIPPED = [path for path in CODE if path.relative_to(ROOT).parts[0] != "tests"]
TESTED = ("scoring", "data", "terminal", "charts", "components")

LONGEST_FILE, LONGEST_PAGE, LONGEST_FUNCTION = 400, 80, 40
LONGEST_TEST = 650  # a test file holds as much as the module that it mirrors is asked for

# A module whose tests stand elsewhere, and where.
COVERED = {
    "charts/palette.py": "tests/charts/test_ranking.py",
    "data/platforms/hub/card_words.py": "tests/data/platforms/hub/test_card_text.py",
    "data/models/schema.py": "tests/scoring/factors/test_contract.py",
    "data/models/stated.py": "tests/data/models/test_facts.py",
    "components/picture.py": "tests/pages/models/test_ranking.py",
    "components/attribution.py": "tests/pages/models/test_model.py",
    "scoring/output/plan.py": "tests/components/test_planner.py",
    "terminal/shown.py": "tests/terminal/test_notebook.py",
    "components/wire.py": "tests/browser/test_deep_link.py",
    "components/trend.py": "tests/pages/models/test_model.py",
    "components/reference.py": "tests/pages/about/test_method.py",
    "scoring/factors/org_benchmark.py": "tests/scoring/test_golden.py",
    "scoring/factors/org_data.py": "tests/scoring/test_golden.py",
    "scoring/factors/org_model.py": "tests/scoring/test_golden.py",
    "scoring/factors/org_system.py": "tests/scoring/test_golden.py",
    "data/curated/rebuild.py": "tests/data/curated/test_rebuild.py",
    "data/platforms/hub/templates.py": "tests/data/models/test_rules.py",
}

# The factor lists of the seed, category by category, as it names them. A (+) is ours.
SEED = {
    "popularity": (
        "Number of downloads",
        "Number of likes",
        "Published papers",
        "GitHub repository",
        "Number of spaces using the model",
    ),
    "activity": ("Discussion posts", "Pull requests"),
    "operational": (
        "Reputable provider",
        "Model age",
        "Authorization requirements",
        "Gated models",
        "License information",
        "License type",
        "Metric information",
        "Dataset information",
        "Base model information",
        "Training data, fine-tuning, and alignment training information",
        "Evaluation results",
    ),
    "security": (
        "Example code availability",
        "Use of safe tensors",
        "Use of potentially unsafe files",
        "Typosquatting risks",
    ),
}


def name(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize(("category", "lines"), SEED.items(), ids=list(SEED))
def test_every_line_of_the_seed_has_a_factor_in_its_category(category, lines):
    (mine,) = [c for c in MODEL.categories if c.id == category]
    assert [line for line in lines if line not in {f.seed for f in mine.factors}] == []


def test_every_factor_names_a_line_of_the_seed_or_says_that_it_is_ours():
    known = {line for lines in SEED.values() for line in lines}
    assert [f.id for f in MODEL.factors if f.seed not in known and not f.seed.startswith("(+) ")] == []


def test_tests_mirror_the_tree():
    modules = [path for path in SHIPPED if path.relative_to(ROOT).parts[0] in TESTED and path.name != "__init__.py"]
    lacking = []
    for path in modules:
        mirrored = ROOT / "tests" / path.relative_to(ROOT).with_name(f"test_{path.name}")
        elsewhere = ROOT / COVERED.get(name(path), "nowhere")
        if not (mirrored.is_file() or elsewhere.is_file()):
            lacking.append(name(path))
    assert lacking == []


def test_what_is_said_to_be_covered_elsewhere_exists_on_both_sides():
    assert [pair for pair in COVERED.items() if not all((ROOT / end).is_file() for end in pair)] == []


def test_every_page_has_a_test():
    pages = [
        path.relative_to(ROOT)
        for path in SHIPPED
        if path.relative_to(ROOT).parts[0] == "pages" and path.parent.name != "pages"
    ]
    assert [str(p) for p in pages if not (ROOT / "tests" / p.with_name(f"test_{p.name}")).is_file()] == []


@pytest.mark.parametrize("path", CODE, ids=name)
def test_files_and_functions_stay_short(path):
    text = path.read_text("utf-8")
    folder = path.relative_to(ROOT).parts[0]
    longest = {"pages": LONGEST_PAGE, "tests": LONGEST_TEST}.get(folder, LONGEST_FILE)
    assert len(text.splitlines()) <= longest
    if path in SHIPPED:
        functions = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
        assert [f.name for f in functions if (f.end_lineno or 0) - f.lineno >= LONGEST_FUNCTION] == []


@pytest.mark.parametrize("path", SHIPPED, ids=name)
def test_nothing_is_evaluated_unpickled_or_let_into_html(path):
    offences, sheets = [], set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            # A stylesheet of our own, by its file: the call comes before the names in it.
            case ast.Call(
                func=ast.Attribute(attr="html") as called,
                args=[ast.BinOp(right=ast.Constant(value=str(file)))],
                keywords=[],
            ) if file.endswith(".css"):
                sheets.add(called)
            case ast.Attribute() if node in sheets:
                pass
            case ast.keyword(arg="unsafe_allow_html"):
                offences.append("unsafe_allow_html")
            case ast.Call(func=ast.Name(id="eval" | "exec" | "compile" | "__import__" as called)):
                offences.append(called)
            case ast.Attribute(value=ast.Name(id="st" | "streamlit"), attr="html" | "iframe" as attribute):
                offences.append(f"st.{attribute}")
            case ast.Attribute(value=ast.Attribute(attr="v1"), attr="html" | "iframe" as attribute):
                offences.append(f"components.v1.{attribute}")
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                imported = {alias.name.split(".")[0] for alias in names} | {str(getattr(node, "module", None))}
                offences += sorted(imported & {"pickle", "marshal", "shelve", "dill", "joblib", "cloudpickle"})
            case _:
                pass
    assert offences == []


def test_no_catch_all_module():
    assert [name(path) for path in CODE if path.stem in ("utils", "util", "helpers", "helper", "misc", "common")] == []


def test_pages_lie_one_level_below_and_every_way_in_hands_over_to_the_router():
    screens = set(PAGES) - {"ranking"}  # the one at the root of the address
    ways_in = {path.stem: path.read_text() for path in (ROOT / "pages").glob("*.py")}
    assert set(ways_in) == screens
    assert len(set(ways_in.values())) == 1


def test_the_names_of_the_modules_are_one_word_or_two():
    assert [name(path) for path in SHIPPED if path.stem.strip("_").count("_") > 1] == []


@pytest.mark.parametrize(("heading", "most"), [("From a reply of the Hub", 17), ("From a row of an organisation", 16)])
def test_a_datum_passes_few_files_on_its_way_to_a_bar(heading, most):
    (walk,) = [
        part for part in (ROOT / "docs" / "house.md").read_text("utf-8").split("\n## ") if part.startswith(heading)
    ]
    files = re.findall(r"^\d+\. `(\S+)`", walk, re.MULTILINE)
    assert 10 < len(files) <= most
    assert len(set(files)) == len(files), "a datum comes back to a file"
    assert [file for file in files if not (ROOT / file).is_file()] == []


def test_the_words_are_those_of_the_field():
    dialect = re.compile(r"\b(?:said|unsaid|forged|kindred|lame|shelf|door)\b", re.IGNORECASE)
    assert [name(path) for path in SHIPPED if dialect.search(path.read_text("utf-8"))] == []
