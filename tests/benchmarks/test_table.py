"""The tables of a run: what is compared with which goal, and what a request costs."""

from typing import Any

from tests.benchmarks.table import compare, comparison_text, costs, costs_text


def rounds(*rates: float, p99: float = 20, python: float = 300, postgres: float = 400) -> list[dict[str, Any]]:
    return [
        {"rate": rate, "p50": 5, "p99": p99, "python": python, "postgres": postgres, "foreign": 0.01} for rate in rates
    ]


def test_a_ratio_is_that_of_the_medians_and_reaches_its_goal_or_not():
    create, list_ = compare(
        {
            "create ours": rounds(900, 1300, 1200),
            "create FastAPI": rounds(300, 200, 300),
            "list ours": rounds(1000),
            "list FastAPI": rounds(250),
        }
    )[:2]

    assert (create["ours"], create["peer"], create["ratio"], create["reached"]) == (1200, 300, 4, True)
    assert (list_["ratio"], list_["goal"], list_["reached"]) == (4, "≥ 6", False)
    assert comparison_text([create, list_]).count("missed") == 1


def test_fairness_compares_the_p99_beside_a_flood_with_the_quiet_one():
    (line,) = compare({"alone ours": rounds(50, p99=5), "flooded ours": rounds(40, p99=20)})

    assert (line["ours"], line["limit"], line["ratio"], line["reached"]) == (20, 5, 4, False)


def test_a_figure_without_another_one_is_compared_with_the_goal():
    (line,) = compare({"start new": [{"rate": 4.0}, {"rate": 6.0}, {"rate": 5.5}]})

    assert (line["ours"], line["ratio"], line["goal"], line["reached"]) == (5.5, None, "≤ 5", False)


def test_without_peers_a_line_has_our_figure_only():
    (line,) = compare({"constant ours": rounds(9000)})

    assert (line["ours"], line["peer"], line["ratio"], line["reached"]) == (9000, None, None, None)
    assert "missed" not in comparison_text([line])


def test_costs_have_the_medians_of_ours_and_of_the_peers_by_kind_of_work():
    limits: dict[str, list[dict[str, Any]]] = {"load 5 ours": [{"rate": 0.3}], "list pgbench": [{"rate": 3, "mean": 1}]}
    lines = costs({**limits, "list ours": rounds(1, 9, 5), "create FastAPI": rounds(7)})

    assert [(line["what"], line["who"], line["rate"]) for line in lines] == [
        ("create", "FastAPI", 7),
        ("list", "ours", 5),
    ]
    assert (lines[1]["python"], lines[1]["python_goal"], lines[0]["python_goal"]) == (300, 350, None)


def test_a_cost_above_its_goal_in_one_of_both_is_missed():
    reached, missed = (costs_text(costs({"list ours": rounds(1, postgres=us)})) for us in (450, 451))

    assert "≤ 350 + 450" in reached
    assert "missed" not in reached
    assert "missed" in missed
