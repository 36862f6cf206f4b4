"""What a collection will cost, said before it starts."""

from data.collect.plan import Plan, Step


def test_a_platform_without_a_limit_takes_no_time():
    assert Plan((Step("calls", "modelscope", 10**6),), "x").seconds == 0
