"""What `switchboard status`, `pause` and `resume` print."""

import json
from collections.abc import Mapping

from bot.alerts import named
from bot.denials import SPANS
from bot.pausing import Pause
from bot.status import CapState, Status, TargetState, TierState
from bot.store.inbox import State
from bot.wording import OUTCOMES, utc
from router.types import Outcome

PAUSED = "The {tier} model is paused: no worker calls it from now on. `switchboard resume {tier}` ends that."
RESUMED = "The {tier} model is called again."
NOT_PAUSED = "The {tier} model was not paused."
NO_CAP = "no cap is set"
NO_WORKER = "none was seen"
NO_ALERT = "none"
NOT_CALLED = "not called lately"


def render(status: Status) -> str:
    """Return the status as text for a terminal."""
    lines = [f"{status.at:%Y-%m-%d %H:%M:%S} UTC", ""]
    lines += [line for tier in status.tiers for line in _tier(tier)]
    money = f"${status.today_usd:.4f} today, ${status.month_usd:.4f} this month, ${status.reserved_usd:.4f} set aside for calls under way"
    lines += ["", f"spent     {money}", *_titled("caps", [_cap(cap) for cap in status.caps] or [NO_CAP])]
    lines += ["", f"inbox     {_items(status.items)}; the oldest waits {status.oldest_waiting_s:.0f} s"]
    lines += [f"flags     {status.open_flags} open"]
    workers = [f"{worker.name}: {'there' if worker.alive else 'gone'}, last seen {utc(worker.at)}" for worker in status.workers]
    lines += _titled("workers", workers or [NO_WORKER])
    lines += _titled("alerts", [f"{utc(alert.at)}: {alert.said.title}" for alert in status.alerts] or [NO_ALERT])
    return "\n".join(lines)


def to_json(status: Status) -> str:
    """Return the status as JSON; dollars are strings, exact."""
    said = {
        "at": status.at.isoformat(),
        "tiers": [_tier_fields(tier) for tier in status.tiers],
        "spent_usd": {"today": _usd(status.today_usd), "month": _usd(status.month_usd), "reserved": _usd(status.reserved_usd)},
        "caps": [_cap_fields(cap) for cap in status.caps],
        "inbox": {state.value: status.items.get(state, 0) for state in State} | {"oldest_waiting_s": round(status.oldest_waiting_s, 1)},
        "open_flags": status.open_flags,
        "workers": [{"name": worker.name, "last_seen": worker.at.isoformat(), "alive": worker.alive} for worker in status.workers],
        "alerts": [{"at": alert.at.isoformat(), "title": alert.said.title, "text": alert.said.text} for alert in status.alerts],
    }
    return json.dumps(said, indent=2, ensure_ascii=False)


def _titled(title: str, said: list[str]) -> list[str]:
    return [f"{title if not number else '':<10}{line}" for number, line in enumerate(said)]


def _tier(tier: TierState) -> list[str]:
    state = f"paused since {utc(tier.pause.since)}{_reason(tier.pause)}" if tier.pause else "on"
    return [f"{tier.tier.value:<10}{state}", *(f"{'':<10}{target.target}: {_calls(target)}" for target in tier.targets)]


def _reason(pause: Pause) -> str:
    return f" ({pause.reason})" if pause.reason else ""


def _calls(target: TargetState) -> str:
    """Return how a target's calls ended in the last quarter of an hour."""
    if target.last is None:
        return NOT_CALLED
    last = "left alone by its breaker" if target.last is Outcome.SKIPPED else f"last {OUTCOMES[target.last]}"
    return f"{target.answered} answered, {target.failed} failed in 15 minutes, {last}"


def _cap(state: CapState) -> str:
    cap, share = state.cap, state.spent.usd / state.cap.usd
    return f"{named(state.spent)} {SPANS[cap.span]}: ${state.spent.usd:.4f} of ${cap.usd:.2f} ({share:.0%}), resets {utc(state.resets_at)}"


def _items(items: Mapping[State, int]) -> str:
    shown = (State.WAITING, State.RETRYING, State.RECORDED, State.DEAD)
    words = {State.RETRYING: "tried again later", State.RECORDED: "to be delivered", State.DEAD: "dead"}
    return ", ".join(f"{items.get(state, 0):,} {words.get(state, state.value)}" for state in shown)


def _tier_fields(tier: TierState) -> dict[str, object]:
    paused = {"since": tier.pause.since.isoformat(), "reason": tier.pause.reason} if tier.pause else None
    targets = [
        {"target": one.target, "answered": one.answered, "failed": one.failed, "last": one.last.value if one.last else None}
        for one in tier.targets
    ]
    return {"tier": tier.tier.value, "paused": paused, "targets": targets}


def _cap_fields(state: CapState) -> dict[str, object]:
    cap, spent = state.cap, state.spent
    return {
        "whose": cap.whose.value,
        "tenant": spent.tenant,
        "owner": spent.owner,
        "span": cap.span.value,
        "spent_usd": _usd(spent.usd),
        "cap_usd": _usd(cap.usd),
        "resets_at": state.resets_at.isoformat(),
    }


def _usd(usd: object) -> str:
    return f"{usd:f}"
