"""Sources names every platform and system, those with nothing yet among them, and why some parts are little known."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[3]


def test_every_source_and_gap_is_named():
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=90).run()
    app.switch_page("pages/organisations/sources.py").run()
    assert not app.exception
    text = " ".join(m.value for m in app.markdown).replace("\\", "")
    assert "Nothing comes yet from: OpenI, Gitee, GitCode, MindSpore." in text
    platforms, systems = (d.value.set_index("Where") for d in app.dataframe[:2])
    phrases = app.dataframe[2].value.set_index("Phrase")
    assert phrases.loc["Model: model scale", "share"] == 100
    assert phrases.loc["Model: model scale", "Counts"] == "yes"
    assert phrases.loc["System: compatibility testing", "Counts"] == "no"
    assert "**System: compatibility testing**: few systems list in their own documents" in text
    assert "**System: contributor activity**: no such repository is listed for 14 organisations" in text
    assert "pytorch/pytorch" in text
    assert platforms.loc["Hugging Face", "Rows"] == 5286
    assert systems.loc["MindSpore", "What comes from it"] == "nothing yet"
    app.selectbox(key="influence_month").set_value("2024-12-13").run()
    assert app.metric[1].value == "2,967"
