"""What the colours of categories promise."""

import tomllib
from itertools import chain
from pathlib import Path

import pytest

from scoring.scorecards import MODEL, ORGANISATION

CONFIG = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text())
GROUNDS = [CONFIG["theme"][theme]["backgroundColor"] for theme in ("light", "dark")]


def luminance(colour):
    """Relative luminance of #RRGGBB, by WCAG 2."""
    parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_a_colour_means_one_category_of_one_scorecard():
    colours = [c.colour for c in chain(MODEL.categories, ORGANISATION.categories)]
    assert len(set(colours)) == len(colours)


@pytest.mark.parametrize("ground", GROUNDS)
def test_the_dimensions_of_organisations_stand_out_on_both_grounds(ground):
    assert all(contrast(c.colour, ground) >= 3 for c in ORGANISATION.categories)
