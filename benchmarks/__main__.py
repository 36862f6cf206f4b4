"""Run every benchmark: `python -m benchmarks`."""

from benchmarks import influence, rescoring

rescoring.main()
influence.main()
