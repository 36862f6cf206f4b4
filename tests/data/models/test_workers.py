"""Work in a loop of this process, and a scheduler that is not there."""

import pytest

from data.models import workers


def test_one_worker_is_a_loop_in_order():
    assert list(workers.run(divmod, [(7, 2), (9, 4)], 1, "")) == [(3, 1), (2, 1)]


def test_a_scheduler_that_is_not_there_is_a_sentence(free_tcp_port, monkeypatch):
    monkeypatch.setattr(workers, "WAIT", "1s")
    where = f"tcp://127.0.0.1:{free_tcp_port}"
    with pytest.raises(workers.NoWorkers, match=f"No scheduler answers at {where}; start one with `dask scheduler`"):
        list(workers.run(divmod, [(7, 2)], 1, where))


def test_what_is_no_address_of_a_scheduler_is_a_sentence():
    for where in ("nonsense", "http://127.0.0.1:8786"):
        with pytest.raises(workers.NoWorkers, match=f"{where} is no address of a scheduler; one is tcp://HOST:8786"):
            list(workers.run(divmod, [(7, 2)], 1, where))
