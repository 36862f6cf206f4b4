"""The waterfall leads from the score before to the score now."""

from charts.waterfall import in_words, waterfall
from tests.scoring.reasons.test_attribution import made


def test_steps_lead_from_one_score_to_the_other():
    parts = made(points={"own": 1.5, "others": -0.5, "weights": 0.0, "method": 0.0})
    (steps,) = waterfall(parts).data
    assert list(steps.y) == ["7 August 2025", "its own numbers", "the others’ numbers", "7 September 2025"]
    assert list(steps.x) == [30.0, 1.5, -0.5, 31.0]
    assert list(steps.text) == ["30.00", "+1.50", "−0.50", "31.00"]
    assert list(steps.measure) == ["absolute", "relative", "relative", "total"]
    assert (
        in_words(parts)
        == "From 30.00 to 31.00 of 100: +1.50 through its own numbers; -0.50 through the others’ numbers."
    )
    assert in_words(made(points=dict.fromkeys(parts.points, 0.0), score_now=30.0)).endswith("no step.")
