"""Run every benchmark: `python -m benchmarks`."""

from benchmarks import collect, influence, rescoring, robustness, start, visits, whatif_browser, whatif_server

rescoring.main()
robustness.main()
whatif_browser.main()
whatif_server.main()
visits.main()
start.main()
influence.main()
collect.main()
