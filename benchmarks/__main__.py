"""Run every benchmark: `python -m benchmarks`."""

from benchmarks import rescoring

rescoring.main()
