"""What is made once a day is made once, also when several requests ask for it at the same time."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

from api.samples.placeholders import daily

THREADS = 4


def test_threads_that_ask_at_the_same_time_get_one_result():
    """Seen red without the lock in `daily`: each thread made a result of its own."""

    def make():
        made.append(object())
        with suppress(BrokenBarrierError):  # nobody else came
            a_second_one.wait(0.2)
        return made[-1]

    made: list[object] = []
    a_second_one = Barrier(2)
    of_today = daily(make)
    with ThreadPoolExecutor(THREADS) as threads:
        results = [future.result() for future in [threads.submit(of_today) for _ in range(THREADS)]]
    assert results == made * THREADS
