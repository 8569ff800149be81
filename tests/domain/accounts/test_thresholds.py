"""Which thresholds of a limit count as reached, and where the next one is."""

from hypothesis import given
from hypothesis import strategies as st

from domain.accounts.thresholds import THRESHOLDS, left_at, next_mark, threshold_after
from tests.support.cases import all_cases

LEVELS = st.sampled_from((0, *THRESHOLDS))
LIMITS = st.integers(1, 10**12)

CASES = [
    (0, 49, 0),
    (0, 50, 50),
    (0, 79, 50),
    (0, 100, 100),
    (0, 150, 100),
    (50, 46, 50),
    (50, 45, 0),
    (80, 76, 80),
    (80, 75, 50),
    (80, 45, 0),
    (100, 96, 100),
    (100, 95, 80),
    (100, 0, 0),
]


@all_cases("case", CASES)
def test_of_a_limit_of_100(case):
    before, used, after = case
    assert threshold_after(before, used, 100) == after


@given(LEVELS, LIMITS, st.data())
def test_a_threshold_stays_between_its_two_marks_and_no_longer(before, limit, data):
    used = data.draw(st.integers(0, limit * 2))
    after = threshold_after(before, used, limit)
    assert threshold_after(after, used, limit) == after
    mark = next_mark(after, limit)
    if mark is not None:
        assert used < mark and threshold_after(after, mark, limit) > after
        assert mark == 1 or threshold_after(0, mark - 1, limit) <= after
    if after:
        left = left_at(after, limit)
        assert used > left and threshold_after(after, left, limit) < after
        assert threshold_after(after, left + 1, limit) >= after
