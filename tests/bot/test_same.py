"""The command `same`: lines in, lines out; and the score of the rules on our own pairs and on a stream with known truth."""

import json
import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.intervals import rate
from bot.lines import LineError
from bot.same import PairsScore, render, same_lines, score_pairs, to_json, verdict_on
from router.embedder import Vector, WordLlamaEmbedder
from router.sameness import read

PAIRS = Path(__file__).parent.parent / "router" / "pairs.jsonl"


class OneVector:
    """An embedder to which all texts are alike."""

    name = "fake/one"
    size = 2
    threshold = 0.5

    async def embed(self, texts: Sequence[str]) -> tuple[Vector, ...]:
        return tuple((1.0, 0.0) for _ in texts)


@pytest.fixture(scope="module")
def wordllama() -> WordLlamaEmbedder:
    return WordLlamaEmbedder()


async def gathered(lines: AsyncIterator[str]) -> list[dict[str, object]]:
    return [json.loads(line) async for line in lines]


def row(a: str, b: str, *, same: bool, kind: str = "k") -> str:
    return json.dumps({"id": f"{a}/{b}", "kind": kind, "a": a, "b": b, "same_answer": same})


async def test_each_line_is_answered_with_its_verdict_in_order() -> None:
    lines = [
        '{"id": 1, "a": "who owns vlan 9", "b": "owner of VLAN9?"}',
        "",
        '\ufeff{"id": "two", "a": "who owns vlan 9", "b": "who owns vlan 8"}',
    ]
    assert await gathered(same_lines(lines, OneVector())) == [
        {"id": 1, "same": True, "score": 1.0, "reason": "the same question in other words"},
        {"id": "two", "same": False, "score": 0.0, "reason": "different vlan: 9 and 8"},
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("nonsense", "line 2: not a JSON object"),
        ('{"id": 1, "a": "x"}', "line 2: `b` is missing"),
        ('{"id": 1, "a": 7, "b": "x"}', "line 2: `a`: input should be a valid string"),
    ],
)
async def test_a_line_that_cannot_be_used_is_named_by_its_number_without_its_text(line: str, problem: str) -> None:
    with pytest.raises(LineError) as caught:
        await gathered(same_lines(['{"id": 0, "a": "x", "b": "y"}', line], OneVector()))
    assert str(caught.value) == problem
    assert caught.value.line == 2


async def test_text_in_another_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_bytes(b'{"id": 1, "a": "x", "b": "y"}\n{"id": 2, "a": "\xff", "b": "y"}\n')
    with file.open(encoding="utf-8") as lines, pytest.raises(LineError, match="not UTF-8"):
        await gathered(same_lines(lines, OneVector()))


async def test_a_volatile_question_is_judged_for_its_fresh_answer() -> None:
    assert (await verdict_on("is eth1/9 on spine-3 up right now", "eth1/9 on spine-3 up?", OneVector())).same


async def test_pairs_are_scored_by_kind_beside_the_plain_cosine() -> None:
    rows = [
        row("who owns vlan 9", "owner of vlan 9", same=True, kind="wording"),
        row("who owns vlan 9", "which trunks carry vlan 9", same=True, kind="wording"),
        row("who owns vlan 9", "who owns vlan 8", same=False, kind="vlan"),
    ]
    scored = await score_pairs(rows, OneVector())
    assert (scored.total.kept.count, scored.total.kept.of) == (1, 2)
    assert (scored.total.refused.count, scored.total.refused.of) == (1, 1)
    assert [part.name for part in scored.kinds] == ["vlan", "wording"]
    assert scored.plain_total.kept.share == 1.0
    assert scored.plain_total.refused.share == 0.0
    assert [(one.kind, one.same_answer, one.grey) for one in scored.mistakes] == [("wording", True, True)]


async def test_a_score_is_told_as_text_and_as_json() -> None:
    scored = await score_pairs([row("who owns vlan 9", "owner of vlan 9", same=True)], OneVector())
    assert "1/1" in render(scored)
    assert "100.0% [20.7%, 100.0%]" in render(scored)
    assert json.loads(to_json(scored))["total"]["kept"]["share"] == 1.0


async def test_a_file_without_pairs_is_refused() -> None:
    with pytest.raises(LineError, match="no labelled pair"):
        await score_pairs(["", "  "], OneVector())


@pytest.mark.parametrize(("count", "of", "low", "high"), [(0, 0, 0.0, 1.0), (0, 10, 0.0, 0.2775), (9, 10, 0.5958, 0.9821)])
def test_a_rate_has_its_wilson_interval(count: int, of: int, low: float, high: float) -> None:
    found = rate(count, of)
    assert found.low == pytest.approx(low, abs=1e-4)
    assert found.high == pytest.approx(high, abs=1e-4)


async def test_on_our_own_pairs_near_misses_are_refused_and_equivalents_kept(wordllama: WordLlamaEmbedder) -> None:
    scored: PairsScore = await score_pairs(PAIRS.read_text(encoding="utf-8").splitlines(), wordllama)
    assert scored.total.refused.share >= 0.97
    assert scored.total.kept.share >= 0.85
    assert scored.total.refused.share > scored.plain_total.refused.share
    assert scored.total.kept.share > scored.plain_total.kept.share


@dataclass(frozen=True)
class Intent:
    name: str
    phrasings: tuple[str, ...]


INTENTS = (
    Intent("owner", ("who owns {}", "{} belongs to whom", "owner of {} pls", "who is responsible for {}")),
    Intent("version", ("what version is {} running", "software release of {}?", "which firmware is on {}")),
    Intent("serial", ("serial number of {}", "whats the serial of {}", "give me the s/n of {} please")),
    Intent("contact", ("who is the local contact for {}", "onsite contact {}", "contact person at {}?")),
    Intent("restart", ("how do i restart {}", "command to reboot {}", "steps to reload {}")),
    Intent("shut", ("how do i shut down {}", "command to power off {}", "steps to switch off {}")),
    Intent("memory", ("how much memory does {} have", "ram of {}?", "memory on {} pls")),
    Intent("model", ("hardware model of {}", "what model is {}", "model number of {}?")),
)
DEVICES = (("core-rtr-1", "CORE-RTR-1", "core-rtr-1.net.example"), ("core-rtr-11", "core-rtr11"), ("sw-osl-2", "SW-OSL-2"), ("sw-osl-21",))
OPENERS = ("", "", "hi, ", "quick one: ", "morning all, ")


def stream(seed: int, questions: int) -> list[tuple[str, str]]:
    """Return (text, key) pairs: one key, one true answer."""
    rng = random.Random(seed)
    found = []
    for _ in range(questions):
        intent, device = rng.choice(INTENTS), rng.choice(DEVICES)
        text = rng.choice(OPENERS) + rng.choice(intent.phrasings).format(rng.choice(device))
        found.append((text, f"{intent.name}|{device[0]}"))
    return found


async def test_on_a_stream_with_known_truth_no_hit_is_false_and_most_of_the_oracles_hits_are_made(wordllama: WordLlamaEmbedder) -> None:
    stored: list[tuple[str, str]] = []
    seen: set[str] = set()
    true = false = oracle = 0
    for text, key in stream(seed=4, questions=160):
        oracle += key in seen
        seen.add(key)
        hit = await look_up(text, stored, wordllama)
        true += hit == key
        false += hit not in {None, key}
        if hit is None:
            stored.append((text, key))
    assert false == 0
    assert true >= 0.6 * oracle


async def look_up(text: str, stored: list[tuple[str, str]], embedder: WordLlamaEmbedder) -> str | None:
    """Return the key of the likest stored question that has the same entities and the same meaning."""
    asked = read(text)
    best: tuple[float, str] | None = None
    for earlier, key in stored:
        if read(earlier).entities != asked.entities:
            continue
        verdict = await verdict_on(earlier, text, embedder)
        if verdict.same and (best is None or verdict.score > best[0]):
            best = (verdict.score, key)
    return None if best is None else best[1]
