"""Run every benchmark: `python -m benchmarks`."""

from benchmarks import collect, rescoring

rescoring.main()
collect.main()
