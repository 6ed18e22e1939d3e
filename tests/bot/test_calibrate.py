"""`switchboard calibrate`: the threshold that pairs show to be safe, and the picture of it."""

import json
from array import array
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.calibrate import NO_PAIRS, Calibration, calibrate, render, to_json
from bot.cli import cli
from bot.lines import LineError
from bot.plots import write_calibration
from router.embedder import Vector
from router.policy import CachePolicy

SAME = "what's the bgp status on edge-1", "please tell me the BGP status on edge-1"
OTHER = "what's the bgp status on edge-1", "what's the bgp status on edge-2"
PNG = b"\x89PNG\r\n"


class FlatEmbedder:
    """Sees every two texts as equally like: the cosine is 0.5, or 1 for the same text."""

    name = "flat"
    size = 100
    threshold = 0.3

    async def embed(self, texts: Sequence[str]) -> tuple[Vector, ...]:
        return tuple(self._vector(text) for text in texts)

    def _vector(self, text: str) -> Vector:
        own = 1 + sum(text.encode()) % (self.size - 1)
        return array("f", [0.5**0.5 if axis in (0, own) else 0.0 for axis in range(self.size)])


def pairs(equivalents: int, near_misses: int) -> list[str]:
    kinds = [(SAME, True)] * equivalents + [(OTHER, False)] * near_misses
    return [json.dumps({"id": n, "kind": "k", "a": a, "b": b, "same_answer": same}) for n, ((a, b), same) in enumerate(kinds)]


async def calibrated(equivalents: int, near_misses: int, tolerance: float = 0.01) -> Calibration:
    return await calibrate(pairs(equivalents, near_misses), FlatEmbedder(), 0.3, tolerance)


async def test_cosine_serves_both_kinds_up_to_their_likeness_and_the_guard_never_another_device() -> None:
    found = await calibrated(10, 20)
    assert (found.equivalents, found.near_misses) == (10, 20)
    below, above = found.cosine.at(0.49), found.cosine.at(0.51)
    assert (below.hits.count, below.false_hits.count) == (10, 20)
    assert (above.hits.count, above.false_hits.count) == (0, 0)
    assert all(point.false_hits.count == 0 for point in found.guard.points)
    assert found.guard.at(0).hits.count == 10


async def test_the_lowest_threshold_that_enough_pairs_show_to_be_safe_is_recommended() -> None:
    found = await calibrated(1, 381)
    assert found.guard.recommended == 0
    assert found.cosine.recommended == pytest.approx(0.51, abs=0.011)
    assert found.policy == ("[cache]", "similarity = 0.00")
    assert "    similarity = 0.00" in render(found).splitlines()


async def test_the_recommended_lines_are_a_policy_that_can_be_read() -> None:
    found = await calibrated(1, 40, tolerance=0.1)
    key, _, value = found.policy[1].partition(" = ")
    assert CachePolicy.model_validate({key: float(value)}).similarity == found.guard.recommended


async def test_too_few_pairs_are_said_to_be_too_few() -> None:
    found = await calibrated(5, 380)
    assert (found.guard.recommended, found.policy) == (None, ())
    assert found.problem == (
        "not enough pairs: 381 near misses, none of them served, would show at most 1.00% false hits; the file has 380"
    )
    assert found.problem in render(found)


async def test_where_even_the_highest_threshold_serves_near_misses_no_threshold_is_recommended() -> None:
    wrong = [json.dumps({"id": n, "a": SAME[0], "b": SAME[0], "same_answer": False}) for n in range(40)]
    found = await calibrate(wrong, FlatEmbedder(), 0.3, 0.1)
    assert found.guard.recommended is None
    assert found.problem.startswith("no threshold keeps false hits within 10.00%: at 1.00 it is 100.0% [")


async def test_the_text_marks_what_is_in_use() -> None:
    rows = [line for line in render(await calibrated(2, 2)).splitlines() if line.endswith("in use")]
    assert [row[:4] for row in rows] == ["0.30"]


async def test_the_json_holds_both_curves_with_their_intervals() -> None:
    found = json.loads(to_json(await calibrated(2, 2)))
    assert [len(found[curve]["points"]) for curve in ("guard", "cosine")] == [101, 101]
    assert {"count", "of", "share", "low", "high"} == found["guard"]["points"][0]["hits"].keys()


@pytest.mark.parametrize(
    ("lines", "problem"), [([], NO_PAIRS), (['{"id": 1, "a": "x", "b": "y"}'], "line 1: `same_answer` is missing"), (["{"], "line 1: ")]
)
async def test_a_file_that_cannot_be_used_is_refused_in_one_line(lines: list[str], problem: str) -> None:
    with pytest.raises(LineError, match=problem):
        await calibrate(lines, FlatEmbedder(), 0.3, 0.01)


async def test_the_picture_is_a_png_of_a_readable_size(tmp_path: Path) -> None:
    file = tmp_path / "curve.png"
    write_calibration(await calibrated(20, 60, tolerance=0.1), file)
    image = file.read_bytes()
    width, height = int.from_bytes(image[16:20], "big"), int.from_bytes(image[20:24], "big")
    assert image.startswith(PNG)
    assert (width > 1500, height > 700) == (True, True)


def test_the_command_calibrates_the_embedder_of_the_policy_and_draws_it(tmp_path: Path) -> None:
    file, plot = tmp_path / "pairs.jsonl", tmp_path / "curve.png"
    file.write_text("\n".join(pairs(3, 3)), encoding="utf-8")
    ran = CliRunner().invoke(cli, ["calibrate", str(file), "--plot", str(plot), "--json"])
    assert ran.exit_code == 0, ran.output
    found = json.loads(ran.output)
    assert found["embedder"].startswith("wordllama/")
    assert found["in_use"] == pytest.approx(0.25)
    assert plot.read_bytes().startswith(PNG)


def test_a_picture_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_text("\n".join(pairs(1, 1)), encoding="utf-8")
    ran = CliRunner().invoke(cli, ["calibrate", str(file), "--plot", str(tmp_path / "no" / "curve.png")])
    assert isinstance(ran.exception, OSError)
    assert ran.exception.filename == str(tmp_path / "no" / "curve.png")
