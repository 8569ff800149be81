"""When a delivery is tried again."""

from datetime import timedelta

from infra.webhooks.queue.schedule import RETRY_DELAYS, retry_delay
from tests.support.cases import all_cases


def test_the_delays_grow_to_a_day_and_stay():
    delays = [retry_delay(attempts, None) for attempts in range(1, 13)]
    hours = [2, 5, 10, 14, 20, 24, 24, 24, 24]
    short = [timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30)]
    assert delays == [*short, *(timedelta(hours=each) for each in hours)]


@all_cases(
    ("retry_after", "delay"),
    [
        ("60", timedelta(minutes=1)),
        ("1", RETRY_DELAYS[0]),
        ("999999999", timedelta(hours=24)),
        ("-1", RETRY_DELAYS[0]),
        ("soon", RETRY_DELAYS[0]),
        ("٦٠", RETRY_DELAYS[0]),
        ("9" * 5000, RETRY_DELAYS[0]),
    ],
)
def test_a_receiver_can_ask_for_more_time_up_to_a_day(retry_after, delay):
    assert retry_delay(1, retry_after) == delay
