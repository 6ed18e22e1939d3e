"""The review queue shows one answer after the other and keeps what its reviewer says."""

from dataclasses import replace

from bot.dashboard.door import SIGNED_OUT
from bot.dashboard.review import CONTRADICTION, NOT_SEEN
from bot.evals.types import Fault, Review, Verdict
from bot.types import Flag, FlagReason, FlagSource
from router.types import Tier, Visibility
from tests.fakes.admin_site import AdminSite
from tests.fakes.questions import make_question
from tests.fakes.samples import sample

HIDDEN = "hidden until you reveal it"


async def reveal(admin: AdminSite, question_id: str) -> None:
    response = await admin.send("/admin/reveal", question_id=question_id, page="/admin/review")
    assert response.status == 303


async def keep(admin: AdminSite, text: str, answer: str = "It is 179.") -> str:
    """Keep an answer of a minute ago, so that it can be drawn."""
    question_id = await admin.archive.keep(text, answer=answer)
    admin.clock.advance(60)
    return question_id


async def test_before_anything_is_sampled_the_page_says_how_to(admin: AdminSite) -> None:
    assert "switchboard eval sample" in await admin.read("/admin/review")


async def test_a_sample_is_drawn_at_a_press(admin: AdminSite) -> None:
    question_id = await keep(admin, "which port does bgp use?")
    assert (await admin.send("/admin/draw")).headers["Location"] == "/admin/review"
    page = await admin.read("/admin/review")
    assert question_id in page
    assert "0 of 1 sampled answers are graded" in page


async def test_the_next_answer_is_shown_without_its_words(admin: AdminSite) -> None:
    question_id = await keep(admin, "which port does bgp use?")
    await sample(admin.store, admin.clock, question_id)
    page = await admin.read("/admin/review")
    assert question_id in page
    assert HIDDEN in page
    assert "Small model" in page
    assert "bgp" not in page
    assert "179" not in page


async def test_revealing_shows_question_and_answer_and_is_recorded_under_the_name(admin: AdminSite) -> None:
    question_id = await keep(admin, "which port does bgp use?")
    await sample(admin.store, admin.clock, question_id)
    await reveal(admin, question_id)
    page = await admin.read("/admin/review")
    assert "which port does bgp use?" in page
    assert "It is 179." in page
    (seen,) = await admin.store.reveals.latest(10)
    assert (seen.name, seen.question_id, seen.page, seen.at) == ("eve", question_id, "review", admin.clock())
    trail = await admin.read("/admin/reveals")
    assert question_id in trail
    assert "eve" in trail


async def test_what_one_session_revealed_is_still_hidden_from_another(admin: AdminSite) -> None:
    question_id = await keep(admin, "which port does bgp use?")
    await reveal(admin, question_id)
    await admin.sign_in("eve")
    assert HIDDEN in await admin.read(f"/admin/review/{question_id}")


async def test_revealing_again_is_not_recorded_twice(admin: AdminSite) -> None:
    question_id = await keep(admin, "x")
    await reveal(admin, question_id)
    await reveal(admin, question_id)
    assert len(await admin.store.reveals.latest(10)) == 1


async def test_a_hit_shows_the_question_that_it_was_matched_to(admin: AdminSite) -> None:
    source = await keep(admin, "what is the bgp port?")
    hit = await admin.archive.keep("which port does bgp use?", tier=Tier.CACHE, source=source)
    hidden = await admin.read(f"/admin/review/{hit}")
    await reveal(admin, hit)
    shown = await admin.read(f"/admin/review/{hit}")
    assert "what is the bgp port?" not in hidden
    assert "what is the bgp port?" in shown
    assert "match 0.97" in shown


async def test_what_was_said_before_in_the_thread_is_shown(admin: AdminSite) -> None:
    await admin.archive.keep(question=make_question("is cr1 up?", thread="t1"))
    admin.clock.advance(60)
    later = replace(make_question("and cr2?", thread="t1"), asked_at=admin.clock())
    question_id = await admin.archive.keep(question=later)
    await reveal(admin, question_id)
    page = await admin.read(f"/admin/review/{question_id}")
    assert page.index("Before, in the thread") < page.index("is cr1 up?") < page.index("and cr2?")


async def test_a_flag_s_comment_is_hidden_like_the_rest(admin: AdminSite) -> None:
    question_id = await keep(admin, "x")
    await admin.store.flags.put(Flag(question_id, "U1", FlagSource.FORM, FlagReason.WRONG, "the port is 180", admin.clock()))
    assert "180" not in await admin.read(f"/admin/review/{question_id}")
    await reveal(admin, question_id)
    assert "the port is 180" in await admin.read(f"/admin/review/{question_id}")


async def test_a_verdict_is_kept_and_the_next_answer_comes_up_revealed(admin: AdminSite) -> None:
    first, second = await keep(admin, "one?"), await keep(admin, "two?")
    await sample(admin.store, admin.clock, first, second)
    await reveal(admin, first)
    response = await admin.send("/admin/review", question_id=first, verdict="acceptable", reveal_next="true")
    assert response.headers["Location"] == f"/admin/review?saved={first}"
    assert await admin.store.reviews.of(first) == (Review(first, "eve", Verdict.ACCEPTABLE, admin.clock()),)
    assert "two?" in await admin.read("/admin/review")
    assert {seen.question_id for seen in await admin.store.reveals.latest(10)} == {first, second}


async def test_what_is_wrong_a_remark_and_a_better_answer_are_kept(admin: AdminSite) -> None:
    question_id = await keep(admin, "one?")
    await reveal(admin, question_id)
    said = {"fault": "wrong", "comment": "no\0", "correction": "line 1\r\nline 2"}
    await admin.send("/admin/review", question_id=question_id, verdict="not_acceptable", **said)
    (kept,) = await admin.store.reviews.of(question_id)
    assert (kept.verdict, kept.fault, kept.comment, kept.correction) == (Verdict.NOT_ACCEPTABLE, Fault.WRONG, "no", "line 1\nline 2")
    again = await admin.read(f"/admin/review/{question_id}")
    assert "You said: not acceptable." in again
    assert "line 1\nline 2" in again


async def test_who_refused_an_answer_can_say_that_nothing_is_wrong_with_it(admin: AdminSite) -> None:
    question_id = await keep(admin, "one?")
    await reveal(admin, question_id)
    nothing = '<input type="radio" name="fault" value="" checked> Nothing'
    assert nothing in await admin.read(f"/admin/review/{question_id}")
    await admin.send("/admin/review", question_id=question_id, verdict="not_acceptable", fault="wrong")
    again = await admin.read(f"/admin/review/{question_id}")
    assert nothing not in again
    assert nothing.replace(" checked", "") in again
    await admin.send("/admin/review", question_id=question_id, verdict="acceptable", fault="")
    (kept,) = await admin.store.reviews.of(question_id)
    assert (kept.verdict, kept.fault) == (Verdict.ACCEPTABLE, None)


async def test_acceptable_and_wrong_at_once_is_asked_about_and_nothing_typed_is_lost(admin: AdminSite) -> None:
    question_id = await keep(admin, "one?")
    await reveal(admin, question_id)
    response = await admin.send("/admin/review", question_id=question_id, verdict="acceptable", fault="wrong", correction="better")
    page = await response.text()
    assert response.status == 400
    assert CONTRADICTION in page
    assert "better" in page
    assert await admin.store.reviews.of(question_id) == ()


async def test_nobody_judges_what_they_have_not_seen(admin: AdminSite) -> None:
    question_id = await keep(admin, "one?")
    response = await admin.send("/admin/review", question_id=question_id, verdict="acceptable")
    assert response.status == 403
    assert NOT_SEEN in await response.text()


async def test_another_reviewer_s_verdict_is_not_shown(admin: AdminSite) -> None:
    question_id = await keep(admin, "one?")
    await admin.store.reviews.put(Review(question_id, "bob", Verdict.NOT_ACCEPTABLE, admin.clock(), Fault.WRONG, "bob's remark"))
    await reveal(admin, question_id)
    assert "bob" not in await admin.read(f"/admin/review/{question_id}")


async def test_a_skipped_answer_comes_back_when_the_rest_is_done(admin: AdminSite) -> None:
    first, second = await keep(admin, "one?"), await keep(admin, "two?")
    await sample(admin.store, admin.clock, first, second)
    assert f"/admin/review?skip={first}" in await admin.read("/admin/review")
    assert second in await admin.read(f"/admin/review?skip={first}")
    assert "Nothing is left" in await admin.read(f"/admin/review?skip={first}.{second}")


async def test_what_only_its_asker_saw_stays_hidden_unless_the_policy_says_otherwise(admin: AdminSite) -> None:
    asked = make_question("my own question", visibility=Visibility.DIRECT)
    question_id = await admin.archive.keep(question=asked)
    response = await admin.send("/admin/reveal", question_id=question_id, page="/admin/flags")
    assert response.status == 403
    page = await admin.read(f"/admin/review/{question_id}")
    assert "my own question" not in page
    assert "asked in private" in page
    assert await admin.store.reveals.latest(1) == ()


async def test_who_asked_is_not_told(admin: AdminSite) -> None:
    question_id = await admin.archive.keep(question=make_question("x", user="U-SOMEBODY"))
    await reveal(admin, question_id)
    assert "U-SOMEBODY" not in await admin.read(f"/admin/review/{question_id}")


async def test_an_answer_that_is_not_there_is_said_not_to_be(admin: AdminSite) -> None:
    assert (await admin.client.get("/admin/review/q_unknown")).status == 404
    assert (await admin.send("/admin/reveal", question_id="q_unknown", page="/admin/review")).status == 404
    assert (await admin.send("/admin/review", question_id="q_unknown", verdict="acceptable")).status == 404


async def test_a_verdict_that_comes_after_signing_out_changes_nothing(admin: AdminSite) -> None:
    question_id = await keep(admin, "one?")
    await reveal(admin, question_id)
    await admin.send("/admin/logout")
    response = await admin.client.post("/admin/review", data={"question_id": question_id, "verdict": "acceptable"})
    assert response.status == 401
    assert SIGNED_OUT in await response.text()
    assert await admin.store.reviews.of(question_id) == ()
