"""The plots drawn from a run: what they show, and that they can be read."""

from xml.etree import ElementTree as ET

import msgspec
import pytest

from tests.benchmarks import plot

SVG = "{http://www.w3.org/2000/svg}"


def line(what: str, who: str, rate: float, python: float, postgres: float) -> dict[str, object]:
    return {"what": what, "who": who, "rate": rate, "python": python, "postgres": postgres}


RUN = {
    "at": "2026-11-26T12:00:00+00:00",
    "machine": "2 cores",
    "rounds": 5,
    "costs": [
        line("create", "ours", 1200, 600, 500),
        line("create", "Peer <1>", 300, 3000, 1000),
        line("patch", "ours", 1000, 700, 600),
    ],
}


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 -- our own text


def bars(svg: str) -> list[tuple[str | None, float, float]]:
    """The colour class, the start and the length of each bar."""
    root = parsed(svg)
    rects = [rect for rect in root.iter(f"{SVG}rect") if rect.get("height") == str(plot.BAR)]
    return [(rect.get("class"), float(rect.get("x", 0)), float(rect.get("width", 0))) for rect in rects]


def texts(svg: str) -> list[str]:
    return [text.text or "" for text in parsed(svg).iter(f"{SVG}text")]


def test_rates_stand_beside_those_of_the_peers_with_their_ratio():
    svg = plot.rates(RUN)

    (ours, _, longest), (peer, _, short) = bars(svg)
    assert (ours, peer) == ("a", "peer")
    assert short == pytest.approx(longest / 4, abs=0.1)
    assert [text for text in texts(svg) if "300" in text] == ["300   (ours: 4.00 ×)"]


def test_what_has_no_peer_is_not_in_the_plot_of_rates():
    assert not any("PATCH" in text for text in texts(plot.rates(RUN)))


def test_the_time_of_postgresql_begins_where_that_of_python_ends():
    (_, start, python), (_, middle, postgres), *_ = bars(plot.processor_time(RUN))

    assert middle == pytest.approx(start + python, abs=0.1)
    assert postgres / python == pytest.approx(500 / 600, abs=0.01)


@pytest.mark.parametrize("draw", [plot.rates, plot.processor_time])
def test_every_text_and_bar_is_inside_the_picture(draw):
    root = parsed(draw(RUN))

    assert all(
        float(element.get("y", 0)) <= float(root.get("height", 0)) for element in root.iter() if element.get("y")
    )
    assert all(start + length <= plot.WIDTH - plot.RIGHT + 0.1 for _, start, length in bars(draw(RUN)))


def test_background_and_text_have_colours_of_their_own_in_light_and_in_dark():
    light, dark = plot.STYLE.split("@media (prefers-color-scheme: dark)")

    assert all(word in part for part in (light, dark) for word in ("text {", ".small {", ".back {"))


def test_both_plots_are_written_from_the_json_of_a_run(tmp_path, monkeypatch, capsys):
    (tmp_path / "run.json").write_bytes(msgspec.json.encode(RUN))
    monkeypatch.setattr("sys.argv", ["plot", str(tmp_path / "run.json"), "--out", str(tmp_path)])

    plot.main()

    names = ["performance-rates.svg", "performance-processor-time.svg"]
    assert capsys.readouterr().out.splitlines() == [str(tmp_path / name) for name in names]
    assert "Peer &lt;1&gt;" in (tmp_path / names[0]).read_text(encoding="utf-8")
