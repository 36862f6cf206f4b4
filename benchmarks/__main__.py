"""Run every benchmark: `python -m benchmarks`."""

from benchmarks import influence

influence.main()
