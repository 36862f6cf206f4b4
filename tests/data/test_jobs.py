"""Every source of the command line has a job."""

from data.jobs import SOURCES
from terminal import collect
from terminal.choices import options


def test_the_sources_are_the_same_everywhere():
    assert list(SOURCES) == collect.SOURCES
    assert all(options(source) for source in SOURCES)
