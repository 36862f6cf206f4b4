"""Which data sets are made for an industry, and by which word each was found."""

import re
from pathlib import Path

import pytest

from data.organisations.industry import found

CHECKED = Path(__file__).parents[3] / "docs" / "industry.md"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("pubmedqa", ("medicine: pubmedqa",)),
        ("OpenMM_Medical", ("medicine: medic*",)),
        ("SA-Med2D-20M", ("medicine: med",)),
        ("IndustryCorpus2_law_judiciary", ("law: judic*", "several industries: industry*")),
        ("chest-xray-14", ("medicine: xray*",)),
        ("FinEval", ("finance: fin",)),
        ("GeoGLUE", ("geography: geoglue*",)),
        ("中文医疗对话", ("medicine: 医疗",)),
        ("GeoQA", ()),  # geometry
        ("DensingLaw-ScalingBench", ()),
        ("PhysicalAI-Robotics-NuRec", ()),
        ("tulu-3-IF-augmented-on-policy-8b", ()),
        ("Visual_Genome_Dataset_V1_dot_2", ()),
        ("trueteacher", ()),
        ("", ()),
    ],
)
def test_a_name_holds_a_word(name, words):
    assert found(name) == words


def test_tags_count_whole():
    assert found("", ("medical", "license:mit")) == ("medicine: medic*",)
    assert found("", ("task_categories:text-generation", "arxiv:2305.1", "language:en", "region:us")) == ()


def test_the_check_by_hand_is_of_what_is_found_today():
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \| (yes|no) \|$", CHECKED.read_text("utf-8"), re.MULTILINE)
    assert len(rows) >= 200
    assert all("; ".join(found(name.rsplit("/", 1)[-1])) == words for _, name, words, _ in rows)
    assert sum(right == "yes" for *_, right in rows) >= 0.9 * len(rows)
