"""Open flags are listed, looked at and closed."""

import pytest

from bot.types import Flag, FlagReason, FlagSource
from tests.fakes.admin_site import AdminSite

SAID = "the port is 180"


async def flag(admin: AdminSite, question_id: str, user: str = "U1", reason: FlagReason | None = FlagReason.WRONG) -> None:
    await admin.store.flags.put(Flag(question_id, user, FlagSource.FORM, reason, SAID, admin.clock()))


async def test_a_flagged_answer_is_listed_with_its_reasons_and_without_its_words(admin: AdminSite) -> None:
    question_id = await admin.archive.keep("which port does bgp use?", answer="It is 179.")
    await flag(admin, question_id)
    await flag(admin, question_id, "U2", FlagReason.OUTDATED)
    page = await admin.read("/admin/flags")
    assert "Outdated, Wrong" in page
    assert "2 flags" in page
    assert not any(word in page for word in ("bgp", "179", SAID))


async def test_a_flag_without_a_reason_says_so(admin: AdminSite) -> None:
    await flag(admin, await admin.archive.keep(), reason=None)
    assert "no reason given" in await admin.read("/admin/flags")


@pytest.mark.parametrize("resolution", ["upheld", "dismissed"])
async def test_a_closed_flag_is_listed_no_more(admin: AdminSite, resolution: str) -> None:
    question_id = await admin.archive.keep()
    await flag(admin, question_id)
    response = await admin.send("/admin/flags", question_id=question_id, resolution=resolution)
    assert (response.status, response.headers["Location"]) == (303, "/admin/flags")
    assert "No flag is open." in await admin.read("/admin/flags")


@pytest.mark.parametrize("fields", [{}, {"question_id": "q 1", "resolution": "upheld"}, {"question_id": "q_1", "resolution": "burned"}])
async def test_an_incomplete_form_closes_nothing(admin: AdminSite, fields: dict[str, str]) -> None:
    await flag(admin, await admin.archive.keep())
    assert (await admin.send("/admin/flags", **fields)).status == 400
    assert len(await admin.store.flags.open(5)) == 1


async def test_a_verdict_on_a_flagged_answer_closes_its_flags(admin: AdminSite) -> None:
    question_id = await admin.archive.keep()
    await flag(admin, question_id)
    await admin.send("/admin/reveal", question_id=question_id, page=f"/admin/review/{question_id}")
    response = await admin.send("/admin/review", question_id=question_id, verdict="acceptable", onward="/admin/flags")
    assert response.status == 303, await response.text()
    assert response.headers["Location"] == f"/admin/flags?saved={question_id}"
    assert await admin.store.flags.open(5) == ()


async def test_whoever_cannot_tell_leaves_the_flag_open(admin: AdminSite) -> None:
    question_id = await admin.archive.keep()
    await flag(admin, question_id)
    await admin.send("/admin/reveal", question_id=question_id, page="/admin/review")
    await admin.send("/admin/review", question_id=question_id, verdict="cannot_tell")
    assert len(await admin.store.flags.open(5)) == 1
