"""The table of `make chaos`, and the figures in it."""

import math

import pytest

from tests.chaos.probe import Answer, first_success, longest, p99, typical
from tests.chaos.report import Report, summary

ANSWERS = [Answer(float(number), number / 1000, 503 if number < 50 else 200) for number in range(1, 201)]


@pytest.fixture
def report():
    return Report()


def test_a_time_above_its_goal_is_missed(report):
    report.at_most("a stop", 5.0, 5.0)
    report.at_most("a start", 5.1, 5.0, "of a process")
    report.at_most("a return", math.inf, 5.0)
    assert [line.is_missed for line in report.lines] == [False, True, True]
    stop, start, back = report.text().splitlines()[2:]
    assert stop.split() == ["a", "stop", "5.00", "s", "≤", "5.00", "s"]
    assert start.endswith("missed") and "5.10 s (of a process)" in start and "never" in back


def test_a_time_that_is_too_long_is_not_broken_and_one_without_an_end_is(report):
    report.at_most("a start", 5.1, 5.0)
    report.at_most("a return", math.inf, 5.0)
    report.none("answers", ["500"], 12)
    assert [line.what for line in report.missed] == ["a start", "a return", "answers"]
    assert [line.what for line in report.broken] == ["a return", "answers"]


def test_a_count_is_missed_when_one_is_wrong_and_when_nothing_was_counted(report):
    report.none("answers", [], 12)
    report.none("answers", ["500", "500"], 12)
    report.none("answers", [], 0)
    assert [line.is_missed for line in report.lines] == [False, True, True]
    assert report.lines[1].measured == "2 of 12: 500"


def test_what_was_left_out_is_said_below_the_table(report):
    report.leave_out("A full disk was not tried.")
    assert report.text().splitlines()[-1] == "A full disk was not tried."


def test_each_scenario_has_one_line_at_the_end(report):
    report.none("answers", ["500"], 12)
    report.at_most("a start", 5.0, 5.0)
    other = Report()
    other.leave_out("A full disk was not tried.")
    process, disk = summary({"process": (report, 7.4), "disk": (other, 0.0)}).splitlines()[2:]
    assert process.split()[:5] == ["process", "1", "of", "2", "7"] and process.endswith("missed: answers 1 of 12: 500")
    assert disk.split()[:5] == ["disk", "0", "of", "0", "0"] and disk.endswith("A full disk was not tried.")


def test_the_figures_of_many_answers():
    assert (typical(ANSWERS), p99(ANSWERS), longest(ANSWERS)) == (0.1005, 0.198, 0.2)
    assert first_success(ANSWERS, 10) == pytest.approx(40.05)
    assert first_success(ANSWERS[:20], 10) == math.inf
