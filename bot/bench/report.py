"""What `switchboard bench` prints."""

import json
from dataclasses import asdict

from bot.bench.dashboard import Pages
from bot.bench.fallback import FIRST_GRACE_S, OPEN_GRACE_S, Fallback
from bot.bench.latency import Latency
from bot.bench.lookup import Looked, LookUps
from bot.bench.run import Measured

PEERS = "qdrant-client's local mode as the index", "plain cosine, from 0.93"
LOOK_UP = "Look-up in the cache, ms: reading, embedding, index, shelf and verdict"
NO_GATEWAY = "The gateway was not measured: start one, and name it with --gateway URL"
HALF = "  (half of the questions are remembered in other words; what plain cosine serves may be wrong)"


def to_json(acks: Measured | None, looked: Looked | None, fell: Fallback | None = None, pages: Pages | None = None) -> str:
    """Return the figures as one JSON object; a part that was not measured is left out."""
    figures = (asdict(acks) if acks else {}) | (asdict(looked) if looked else {})
    rest = ({"fallback": asdict(fell)} if fell else {}) | ({"dashboard": asdict(pages)} if pages else {})
    return json.dumps(figures | rest, indent=2)


def render(acks: Measured | None, looked: Looked | None, fell: Fallback | None = None, pages: Pages | None = None) -> str:
    """Return the figures as text."""
    parts = (_acks(acks) if acks else [], _looked(looked) if looked else [], _fell(fell) if fell else [], _pages(pages) if pages else [])
    return "\n\n".join("\n".join(part) for part in parts if part)


def _acks(measured: Measured) -> list[str]:
    ours = (measured.ack_p50_ms, measured.ack_p99_ms)
    peer = (measured.peer_p50_ms, measured.peer_p99_ms)
    ratio = (measured.ack_to_peer_p50, measured.ack_to_peer_p99)
    rows = (("committed, then acknowledged, ms", ours), ("peer that keeps nothing, ms", peer), ("ratio", ratio))
    sent = f"{measured.events} signed events of {measured.platform.capitalize()} at {measured.rate:g}/s"
    return [
        f"{sent}, one busy worker, {measured.refused} refused; acknowledged in:",
        *(f"  {name:<34} p50 {p50:8.2f}   p99 {p99:8.2f}" for name, (p50, p99) in rows),
        f"  the slowest of ours took {measured.ack_max_ms:.2f} ms",
        f"Answers: {measured.answered} delivered, {measured.answers_per_s:.1f}/s until the last one",
        f"Decision: {measured.decision_us:.1f} µs a question",
    ]


def _looked(looked: Looked) -> list[str]:
    lines = [LOOK_UP, HALF]
    for size in looked.sizes:
        lines.append(f"  among {size.entries:,} answers")
        lines.append(_row("this cache", size.ours))
        peers = zip(PEERS, (size.local_mode, size.cosine), strict=True)
        lines += [f"{_row(name, peer)}   {_ratio(size, peer)}" for name, peer in peers]
    lines.append(f"Event loop, among {looked.sizes[-1].entries:,} answers: the longest that it stood still")
    return lines + [f"  {stall.work:<56} {stall.longest_ms:8.2f} ms" for stall in looked.stalls]


def _pages(pages: Pages) -> list[str]:
    times = [(f"the last {page.days} days", page.first_ms, page.taken) for page in pages.overview]
    return [
        f"The dashboard's overview over HTTP, among {pages.questions:,} questions of 30 days on {pages.database}, ms:",
        *(f"  {name:<18} at first {first:7.1f}   then p50 {then.p50_ms:7.1f}   slowest {then.max_ms:7.1f}" for name, first, then in times),
    ]


def _row(name: str, taken: Latency) -> str:
    return f"    {name:<42} p50 {taken.p50_ms:9.2f}   p99 {taken.p99_ms:9.2f}   served {taken.found / taken.calls:4.0%} of {taken.calls:5}"


def _ratio(size: LookUps, peer: Latency) -> str:
    return f"{peer.p50_ms / size.ours.p50_ms:.2f} and {peer.p99_ms / size.ours.p99_ms:.2f} times ours"


def _fell(fell: Fallback) -> list[str]:
    hanging, hop = fell.hanging, fell.gateway
    rows = (("ours", hanging.ours_s), ("LiteLLM's Router", hanging.litellm_router_s))
    first = f"first answer within limit + answer + {FIRST_GRACE_S:g} s: {_kept(kept=hanging.first_kept)}"
    opened = f"with the breaker open within answer + {OPEN_GRACE_S:g} s: {_kept(kept=hanging.open_kept)}"
    return [
        f"The first model hangs (left after {hanging.limit_s:g} s), the second answers in {hanging.answer_s:.2f} s. Questions in turn, s:",
        *(f"  {name:<18}" + "".join(f"{seconds:7.2f}" for seconds in taken) for name, taken in rows),
        f"  {first}; {opened}",
        f"Through the gateway: {hop.gateway_ms:.1f} ms, directly {hop.direct_ms:.1f} ms, {hop.ratio:.2f} times" if hop else NO_GATEWAY,
    ]


def _kept(*, kept: bool) -> str:
    return "kept" if kept else "NOT kept"
