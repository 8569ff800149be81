"""How many deliveries a sender has in flight: in all, to failing receivers, and to each."""

from infra.webhooks.queue.claim_limits import (
    FIRST_PAUSE_SECONDS,
    LONGEST_PAUSE_SECONDS,
    MAX_FAILING_IN_FLIGHT,
    MAX_IN_FLIGHT,
    MOST_CLAIMS,
    ClaimLimits,
    Pause,
)


def test_a_sender_has_at_most_100_deliveries_in_flight_and_50_of_them_to_failing_receivers():
    limits = ClaimLimits()
    for number in range(MAX_FAILING_IN_FLIGHT):
        limits.begin(f"whk_{number}", is_failing=True)
    assert limits.room()[:2] == (MAX_IN_FLIGHT - MAX_FAILING_IN_FLIGHT, 0) == (50, 0)
    for _ in range(50):
        limits.begin("example.com:443", is_failing=False)
    assert limits.room().free == 0
    assert limits.room().busy["example.com:443"] == 50


def test_a_host_may_have_more_claims_the_more_it_took():
    limits = ClaimLimits()
    for lane, count in (("slow:443", 1), ("fast:443", 50)):
        for _ in range(count):
            limits.begin(lane, is_failing=False)
            limits.end(lane, is_failing=False, is_taken=True)
    assert limits.room().allowed == {"slow:443": 7, "fast:443": MOST_CLAIMS}
    assert limits.room().allowed == {}  # nothing has ended since


def test_a_failing_receiver_gets_nothing_for_a_longer_time_after_each_failure_until_it_takes_something():
    limits = ClaimLimits()
    for is_taken, is_paused in ((False, True), (True, False)):
        limits.begin("whk_1", is_failing=True)
        limits.end("whk_1", is_failing=True, is_taken=is_taken)
        assert ("whk_1" in limits.room().busy) is is_paused

    pauses = [Pause.after(None)]
    for _ in range(5):
        pauses.append(Pause.after(pauses[-1]))
    seconds = [each.seconds for each in pauses]
    assert seconds[:3] == [FIRST_PAUSE_SECONDS * times for times in (1, 2, 4)]
    assert set(seconds[3:]) == {LONGEST_PAUSE_SECONDS}
