"""A row of the past is found in the cells of every instant at which it stood."""

from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from projections.query.past.cells import cell_of, cells_at

FIRST = datetime(2020, 1, 1, tzinfo=UTC)
INSTANTS = st.timedeltas(timedelta(), timedelta(days=36_500)).map(lambda since: FIRST + since)
STEP = timedelta(hours=16)
MICROSECOND = timedelta(microseconds=1)


@given(INSTANTS, st.timedeltas(MICROSECOND, timedelta(days=40_000)), st.floats(0, 1, exclude_max=True))
@example(datetime(2026, 1, 1, 15, tzinfo=UTC), STEP, 0.99)
@example(datetime(2026, 1, 1, tzinfo=UTC), STEP + MICROSECOND, 0.0)
def test_a_row_is_in_a_cell_of_every_instant_at_which_it_stood(begin, length, part):
    assert cell_of(begin, begin + length) in cells_at(begin + length * part)


def test_the_cells_of_an_instant_differ():
    for at in (datetime(1970, 1, 1, tzinfo=UTC), FIRST, datetime(2119, 12, 31, tzinfo=UTC)):
        assert len(set(cells_at(at))) == 18
