"""Run every benchmark: `python -m benchmarks`."""

from benchmarks import collect, influence, rescoring

rescoring.main()
influence.main()
collect.main()
