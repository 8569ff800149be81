"""What `make soak` calls flat."""

import os
import threading

import psutil
import pytest

from tests.chaos import samples
from tests.chaos.samples import Sampler, Series, growth_table
from tests.support.waiting import wait_until

WARM_UP = [(float(at), 10.0 + at) for at in range(25)]


def series(unit, growth):
    """A measure that rises in the warm-up, and then grows by so much to the end."""
    return Series("the service", "memory", unit, WARM_UP + [(25.0 + at, 100 + growth * at / 75) for at in range(76)])


@pytest.mark.parametrize(
    ("unit", "growth", "is_flat"), [("MiB", 4.9, True), ("MiB", 5.2, False), ("", 1.9, True), ("", 2.1, False)]
)
def test_what_grows_after_the_warm_up_is_not_flat(unit, growth, is_flat):
    it = series(unit, growth)
    assert it.growth == pytest.approx(growth) and it.is_flat == is_flat
    assert it.per_hour == pytest.approx(growth * 3600 / 75)
    assert growth_table([it], lambda _: True).endswith("missed") != is_flat
    assert growth_table([it], lambda _: False).endswith("  -")


@pytest.mark.process
def test_threads_and_descriptors_that_a_process_keeps_are_seen(monkeypatch):
    monkeypatch.setattr(samples, "MIN_AGE_SECONDS", 0.0)
    kept, end = [], threading.Event()
    with Sampler(lambda: {"this": [psutil.Process()]}, 0.05) as sampler:
        wait_until(lambda: sampler.series)
        for _ in range(5):
            kept.append(threading.Thread(target=end.wait))
            kept[-1].start()
            os.dup(0)
        wait_until(lambda: len(sampler.series[0].points) > 8)
    end.set()
    values = {it.measure: it.points for it in sampler.series}
    assert values["threads"][-1][1] >= values["threads"][0][1] + 4
    assert values["descriptors"][-1][1] >= values["descriptors"][0][1] + 4
    assert values["memory"][0][1] > 1
