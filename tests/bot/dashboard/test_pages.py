"""What the pages say of the overview's figures, the policy's history and the delivery."""

from bot.dashboard.policy import Line, Mark, difference
from bot.store.inbox import State
from bot.types import Badge
from router.types import Tier
from tests.fakes.admin_site import AdminSite
from tests.fakes.questions import make_question


async def test_the_overview_of_nothing_says_nothing_for_sure(admin: AdminSite) -> None:
    page = await admin.read("/admin")
    assert "95% interval 0.0% to 100%" in page
    for badge in Badge:
        assert badge.value in page


async def test_the_overview_adds_up_the_period_that_is_asked_for(admin: AdminSite) -> None:
    source = await admin.archive.keep(usd="1.25")
    await admin.archive.keep(tier=Tier.CACHE, source=source)
    admin.clock.advance(8 * 86400)
    await admin.sign_in()
    await admin.archive.keep(tier=Tier.FRONTIER, usd="0.50")
    week, month = await admin.read("/admin"), await admin.read("/admin?days=30")
    assert "$0.5" in week
    assert "$1.75" not in week
    assert "$1.75" in month
    assert "33%" in month, "one hit among three answers"


async def test_a_cost_that_nobody_knows_is_said_to_be_unknown(admin: AdminSite) -> None:
    await admin.archive.keep(usd=None)
    assert "1 calls of unknown cost" in await admin.read("/admin")


async def test_a_period_that_there_is_not_is_the_shortest(admin: AdminSite) -> None:
    for days in ("8", "-1", "x", "10000000000"):
        assert 'href="/admin?days=7" aria-current="true"' in await admin.read(f"/admin?days={days}")


async def test_the_policy_page_shows_the_file_and_what_changed(admin: AdminSite) -> None:
    assert "No process has started" in await admin.read("/admin/policy")
    await admin.store.policies.note('mode = "off"\na = 1\n')
    admin.clock.advance(60)
    await admin.store.policies.note('mode = "on"\na = 1\n')
    page = await admin.read("/admin/policy")
    assert "- mode = &#34;off&#34;" in page
    assert "+ mode = &#34;on&#34;" in page
    assert "In force since 2026-11-23 12:01 UTC" in page


def test_a_difference_shows_changed_lines_with_a_few_around_them() -> None:
    old = "\n".join(f"line {number}" for number in range(20))
    new = old.replace("line 3\n", "line three\n").replace("line 15\n", "")
    assert difference(old, new) == (
        *(Line(Mark.KEPT, f"line {number}") for number in (1, 2)),
        Line(Mark.REMOVED, "line 3"),
        Line(Mark.ADDED, "line three"),
        *(Line(Mark.KEPT, f"line {number}") for number in (4, 5)),
        Line(Mark.GAP, ""),
        *(Line(Mark.KEPT, f"line {number}") for number in (13, 14)),
        Line(Mark.REMOVED, "line 15"),
        *(Line(Mark.KEPT, f"line {number}") for number in (16, 17)),
    )
    assert difference(old, old) == ()


async def test_the_delivery_page_tells_what_waits_what_is_dead_and_who_works(admin: AdminSite) -> None:
    inbox = admin.store.inbox
    dead = await inbox.add_claimed(make_question("secret words"))
    await inbox.finish(dead, State.DEAD)
    await inbox.add(make_question())
    await inbox.add(make_question())
    await inbox.claim(1)
    await admin.archive.keep()
    page = await admin.read("/admin/delivery")
    assert dead.question.id in page
    assert "secret words" not in page
    assert "simulated/small" in page
    assert "answered" in page
    assert "Questions wait and nobody works" not in page


async def test_the_delivery_page_says_when_nobody_works(admin: AdminSite) -> None:
    await admin.store.inbox.add(make_question())
    admin.clock.advance(61)
    assert "Questions wait and nobody works" in await admin.read("/admin/delivery")


async def test_the_costs_page_adds_up_by_tier_model_channel_and_day(admin: AdminSite) -> None:
    await admin.archive.keep(usd="1.25")
    await admin.archive.keep(tier=Tier.FRONTIER, usd="0.50")
    page = await admin.read("/admin/costs")
    for shown in ("$1.75", "$1.25", "$0.5", "Small model", "y-2026", "C1", "2026-11-23"):
        assert shown in page, shown
    assert "U1" not in page, "it names nobody"
