"""What has failed is tried again ever more rarely, and at once again after it has succeeded."""

from infra.worker.pauses import FIRST_SECONDS, LONGEST_SECONDS, Pauses


class Clock:
    def __init__(self):
        self.seconds = 1000.0

    def __call__(self):
        return self.seconds


def test_each_failure_doubles_the_pause_up_to_the_longest_one():
    clock = Clock()
    pauses, expected = Pauses(clock), FIRST_SECONDS
    for _ in range(12):
        pauses.settle({"org_1": "cannot be read"})
        assert pauses.resting() == {"org_1": "cannot be read"}
        clock.seconds += expected - 1
        assert "org_1" in pauses.resting()
        clock.seconds += 1
        assert pauses.resting() == {}
        expected = min(2 * expected, LONGEST_SECONDS)


def test_what_rests_is_not_forgotten_when_others_are_settled():
    clock = Clock()
    pauses = Pauses(clock)
    pauses.settle({"org_1": "a"})
    pauses.settle({"org_2": "b"})
    assert pauses.resting() == {"org_1": "a", "org_2": "b"}


def test_a_success_begins_anew():
    clock = Clock()
    pauses = Pauses(clock)
    for _ in range(3):
        pauses.settle({"org_1": "a"})
        clock.seconds += LONGEST_SECONDS
    pauses.settle({})
    pauses.settle({"org_1": "a"})
    clock.seconds += FIRST_SECONDS
    assert pauses.resting() == {}
