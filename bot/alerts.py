"""Tells operators, once each, of caps that fill up, of keys that a provider does not accept, and of a paused model."""

import hashlib
import json
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.announcing import announcing, operators_place
from bot.budgets import resets_at
from bot.denials import SPANS, CapUse, amount
from bot.pausing import Pause, pause_of
from bot.replies import Announcement, Urgency
from bot.store.alerts import Alert
from bot.store.ledger import period_of
from bot.store.spending import Spent
from bot.store.store import Store
from bot.wording import utc
from router.caps import Cap, Span, Whose
from router.policy import Policy
from router.types import Clock, Tier

USED_TITLE = "{percent}% of the budget of {whose} for {span} is used"
USED = "{amount}. {then} It resets {resets}."
STOPS_LATER = "The frontier model stops at ${stops:.2f}."
STOPPED = "The frontier model is not asked any more; the rest is the small model's."
NOTHING_MORE = "Only earlier answers are served now."
KEY_TITLE = "{provider} does not accept our key"
KEY = "Asked for {targets}. Questions go to the other targets until the key is mended."
PAUSED_TITLE = "The {tier} model is paused"
PAUSED = "Since {since}. {reason}"
NO_REASON = "No reason was given."
RESUMED_TITLE = "The {tier} model is asked again"
WHOLE = 100

OVERLAP = timedelta(minutes=10)
"""How far a look goes back beyond the last one: a call is written down when its question is answered."""

_log = logging.getLogger(__name__)


class Watch:
    """Looks at what the store says and raises what was not raised before. Any number of workers may look at once."""

    def __init__(self, store: Store, policy: Policy, clock: Clock) -> None:
        self._store = store
        self._caps = policy.budgets.caps()
        self._policy = policy.alerts
        self._clock = clock
        self._looked_at: datetime | None = None

    async def look(self) -> None:
        """Raise what there is to raise. Raises StoreUnavailable."""
        now = self._clock()
        found = [*await self._used(now), *await self._refused_keys(now), *await self._pauses(now)]
        known = await self._store.alerts.raised([alert.key for alert in found])
        for alert in found:
            if alert.key not in known:
                await self._raise(alert)
        self._looked_at = now

    async def _raise(self, alert: Alert) -> None:
        """Put it into the inbox first: a worker that dies in between leaves it to the next look, and neither takes it twice."""
        if place := operators_place(self._policy):
            item = announcing(alert.said, place, f"alert/{alert.key}", self._clock, about=alert.user)
            await self._store.inbox.add(item)
        if await self._store.alerts.put(alert):
            _log.warning("alert: %s", alert.said.title)

    async def _used(self, now: datetime) -> list[Alert]:
        """Return an alert for each part of a cap that is used."""
        found = []
        for cap in self._caps:
            least = cap.usd * min(self._policy.percent, default=WHOLE) / WHOLE
            for spent in await self._store.spending.above(cap.whose, cap.span, least, now):
                reached = [percent for percent in sorted(self._policy.percent) if spent.usd * WHOLE >= cap.usd * percent]
                found += [used_alert(cap, spent, percent, now) for percent in reached]
        return found

    async def _refused_keys(self, now: datetime) -> list[Alert]:
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        since = max(midnight, self._looked_at - OVERLAP) if self._looked_at else midnight
        refused = await self._store.alerts.refused_keys(since)
        targets = {key.provider: [other.target for other in refused if other.provider == key.provider] for key in refused}
        return [key_alert(provider, names, now) for provider, names in targets.items()]

    async def _pauses(self, now: datetime) -> list[Alert]:
        """Return that a tier is paused, or that the one that was told of last is over."""
        found = []
        for tier in (Tier.SMALL, Tier.FRONTIER):
            pause = await pause_of(self._store.switches, tier)
            if pause:
                found.append(pause_alert(pause))
            for told in await self._store.alerts.recent(1, prefix=f"pause/{tier.value}/"):
                if pause is None or pause_alert(pause).key != told.key:
                    said = Announcement(RESUMED_TITLE.format(tier=tier.value), told.said.text)
                    found.append(Alert(told.key.replace("pause/", "resume/", 1), said, now))
        return found


def used_alert(cap: Cap, spent: Spent, percent: int, now: datetime) -> Alert:
    """Return the alert that a part of a cap is used; its key holds for this day or month."""
    use = CapUse(cap, spent.usd, resets_at(cap.span, now))
    title = USED_TITLE.format(percent=percent, whose=named(spent), span=SPANS[cap.span])
    text = USED.format(amount=amount(use), then=_then(cap, spent), resets=utc(use.resets_at))
    whom = json.dumps((spent.tenant, spent.owner))
    key = f"budget/{cap.whose.value}/{hashlib.sha256(whom.encode()).hexdigest()[:24]}/{period_of(cap.span, now)}/{percent}"
    urgency = Urgency.ERROR if percent >= WHOLE else Urgency.WARNING
    return Alert(key, Announcement(title, text, urgency), now, spent.owner if cap.whose is Whose.USER else "")


def key_alert(provider: str, targets: Sequence[str], now: datetime) -> Alert:
    """Return the alert that a provider does not accept our key; its key holds for this day."""
    said = Announcement(KEY_TITLE.format(provider=provider), KEY.format(targets=", ".join(targets)), Urgency.ERROR)
    return Alert(f"key/{provider}/{period_of(Span.DAY, now)}", said, now)


def pause_alert(pause: Pause) -> Alert:
    """Return the alert that a tier is paused; its key holds for this pause."""
    text = PAUSED.format(since=utc(pause.since), reason=pause.reason or NO_REASON)
    said = Announcement(PAUSED_TITLE.format(tier=pause.tier.value), text, Urgency.WARNING)
    return Alert(f"pause/{pause.tier.value}/{pause.since.isoformat()}", said, pause.since)


def named(spent: Spent) -> str:
    """Return who spent it, in words."""
    return {
        Whose.DEPLOYMENT: "this deployment",
        Whose.TENANT: f"workspace {spent.tenant}",
        Whose.CHANNEL: f"channel {spent.owner}",
        Whose.USER: f"user {spent.owner}",
    }[spent.whose]


def _then(cap: Cap, spent: Spent) -> str:
    """Return what happens at this point of a cap."""
    stops = cap.usd - cap.kept_for_small
    if spent.usd >= cap.usd:
        return NOTHING_MORE
    return STOPPED if spent.usd >= stops else STOPS_LATER.format(stops=stops)
