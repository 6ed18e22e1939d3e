"""Whatever the connector does to our calls, one answer stands in the end, and nothing is lost."""

import asyncio

import pytest

from bot.replies import Announcement, Notice, Offer, Picture
from bot.types import DeliveryFailure, MessageGone, Platform, Question, Reply, Working
from tests.adapters.teams.rig import ANSWER, Rig, options_for, rigged
from tests.fakes.slack.faults import Fault, FaultKind, accepted_then_reset, rate_limited, reset_before, server_error
from tests.fakes.teams import ADA, GROUP, OPS, TENANT, personal

ERRORS = [412, 429, 500, 502, 503, 504]


async def asked(rig: Rig) -> Question:
    await rig.teams.user(ADA).mention("is core1 up?")
    return await rig.asked()


async def delivered(rig: Rig, question: Question, reply: Reply = ANSWER, tries: int = 3) -> int:
    """Post and update as a worker does, again after each failure that may pass; return how often that was needed."""
    for failures in range(tries):
        try:
            ref = await rig.courier.post(question, Working(), in_doubt=failures > 0)
            await rig.courier.update(ref, question, reply)
        except DeliveryFailure as failure:
            if failure.retry_after_s is None:
                raise
        else:
            return failures
    return tries


@pytest.mark.parametrize("call", ["post", "update"])
@pytest.mark.parametrize("status", ERRORS)
async def test_a_passing_error_of_the_connector_leaves_one_answer(rig: Rig, call: str, status: int) -> None:
    question = await asked(rig)
    fault = rate_limited(call) if status == 429 else Fault(FaultKind.ERROR, call, times=1, status=status, error="Trouble")
    rig.teams.connector.fail(fault)
    assert await delivered(rig, question) == 1
    answers = [one for one in rig.teams.connector.posted() if one.takes_feedback]
    assert len(answers) == 1
    assert len(rig.teams.connector.posted()) == 2


async def test_a_broken_page_of_the_connector_is_a_passing_error_too(rig: Rig) -> None:
    question = await asked(rig)
    rig.teams.connector.fail(server_error("post"))
    assert await delivered(rig, question) == 1


async def test_a_rate_limit_says_when_to_come_again_and_holds_its_conversation_back(rig: Rig) -> None:
    question = await asked(rig)
    rig.teams.connector.fail(rate_limited("post", retry_after_s=7))
    with pytest.raises(DeliveryFailure) as limited:
        await rig.courier.post(question, Working(), in_doubt=False)
    assert (limited.value.code, limited.value.retry_after_s, limited.value.in_doubt) == ("http_429:TooManyRequests", 7, False)
    with pytest.raises(DeliveryFailure) as held:
        await rig.courier.post(question, Working(), in_doubt=True)
    assert held.value.code == "paced"
    assert len(rig.teams.connector.calls_of("post")) == 1


async def test_a_connection_that_is_cut_after_an_update_is_no_second_answer(rig: Rig) -> None:
    question = await asked(rig)
    rig.teams.connector.fail(accepted_then_reset("update"))
    await delivered(rig, question)
    assert len(rig.teams.connector.posted()) == 2


async def test_a_connection_that_is_cut_before_a_post_is_in_doubt(rig: Rig) -> None:
    question = await asked(rig)
    rig.teams.connector.fail(reset_before("post"))
    with pytest.raises(DeliveryFailure) as cut:
        await rig.courier.post(question, Working(), in_doubt=False)
    assert cut.value.in_doubt


async def test_a_connector_that_is_not_there_was_sent_nothing(rig: Rig) -> None:
    question = await asked(rig)
    address = await rig.store.addresses.get(Platform.TEAMS, TENANT, OPS.conversation)
    assert address is not None
    await rig.teams.__aexit__(None, None, None)
    with pytest.raises(DeliveryFailure) as failed:
        await rig.courier.post(question, Working(), in_doubt=False)
    assert not failed.value.in_doubt
    assert failed.value.retry_after_s is not None


async def test_a_conversation_that_shuts_us_out_is_given_up(rig: Rig) -> None:
    question = await asked(rig)
    rig.teams.connector.fail(Fault(FaultKind.ERROR, "post", status=403, error="BotNotInConversationRoster"))
    with pytest.raises(DeliveryFailure) as shut:
        await rig.courier.post(question, Working(), in_doubt=False)
    assert (shut.value.code, shut.value.retry_after_s) == ("http_403:BotNotInConversationRoster", None)


async def test_a_token_that_is_not_accepted_any_more_is_renewed_at_once(rig: Rig) -> None:
    question = await asked(rig)
    rig.teams.connector.fail(Fault(FaultKind.ERROR, "post", times=1, status=401, error="Unauthorized"))
    await rig.courier.post(question, Working(), in_doubt=False)
    assert rig.teams.connector.tokens == 2


async def test_many_answers_need_one_token(rig: Rig) -> None:
    question = await asked(rig)
    await rig.answered(question)
    await rig.courier.announce(OPS.conversation, Announcement("Digest", "All is well."))
    assert rig.teams.connector.tokens == 1


async def test_an_address_in_the_store_that_is_none_of_teams_gets_nothing(rig: Rig) -> None:
    question = await asked(rig)
    address = await rig.store.addresses.get(Platform.TEAMS, TENANT, OPS.conversation)
    assert address is not None
    await rig.store.addresses.put(
        type(address)(address.platform, TENANT, OPS.conversation, address.setting, "https://evil.example/", address.bot)
    )
    with pytest.raises(DeliveryFailure) as refused:
        await rig.courier.post(question, Working(), in_doubt=False)
    assert (refused.value.code, refused.value.retry_after_s) == ("not_teams", None)


async def test_a_message_that_cannot_be_changed_any_more_is_gone(rig: Rig) -> None:
    question = await asked(rig)
    ref = await rig.courier.post(question, Working(), in_doubt=False)
    rig.teams.connector.fail(Fault(FaultKind.ERROR, "update", status=403, error="MessageEditNotAllowed"))
    with pytest.raises(MessageGone):
        await rig.courier.update(ref, question, ANSWER)


@pytest.mark.parametrize("status", [400, 403, 404, 405])
async def test_a_tenant_without_private_messages_gets_them_in_a_chat_of_its_own(rig: Rig, status: int) -> None:
    await rig.teams.user(ADA).dm("hello")
    await rig.teams.user(ADA).privately("is core1 up?")
    question = next(one for one in await rig.taken() if one.private)
    rig.teams.connector.fail(Fault(FaultKind.ERROR, "post", status=status, error="NotSupported", channel=GROUP.conversation))
    posted = await rig.answered(question)
    assert {one.conversation for one in posted} == {personal(ADA).conversation}
    assert all(one.updates <= 1 for one in posted)


async def test_a_person_who_never_wrote_to_us_alone_gets_a_chat_opened(rig: Rig) -> None:
    await rig.teams.user(ADA).privately("is core1 up?")
    question = await rig.asked()
    rig.teams.connector.fail(Fault(FaultKind.ERROR, "post", status=403, error="NotSupported", channel=GROUP.conversation))
    posted = await rig.answered(question)
    assert {one.conversation for one in posted} == {f"a:{ADA}"}
    assert len(rig.teams.connector.calls_of("create")) == 1


async def test_a_notice_is_for_its_reader_alone(rig: Rig) -> None:
    question = await asked(rig)
    await rig.courier.say_privately(question, Notice("You edited it.", (Offer.ANSWER_AGAIN,)))
    (notice,) = rig.teams.connector.posted()
    assert (notice.to, [action["title"] for action in notice.actions]) == (ADA, ["Answer again"])
    assert not [entity for entity in notice.entities if entity.get("type") == "targetedMessageInfo"]


async def test_a_private_answer_refers_to_the_private_question(rig: Rig) -> None:
    said = await rig.teams.user(ADA).privately("is core1 up?")
    first, _buttons = await rig.answered(await rig.asked())
    assert {"type": "targetedMessageInfo", "messageId": said.id} in first.entities


async def test_an_announcement_goes_where_we_are_known(rig: Rig) -> None:
    await asked(rig)
    await rig.courier.announce(OPS.conversation, Announcement("Digest", "All is well.", picture=Picture("a.png", b"\x89PNG", "a curve")))
    (posted,) = rig.teams.connector.posted()
    assert (posted.thread, "All is well." in posted.shown) == ("", True)


async def test_an_announcement_where_we_are_not_known_is_given_up(rig: Rig) -> None:
    with pytest.raises(DeliveryFailure) as unknown:
        await rig.courier.announce("19:nowhere@thread.tacv2", Announcement("Digest", ""))
    assert (unknown.value.code, unknown.value.retry_after_s) == ("no_address", None)


async def test_where_we_were_taken_out_nothing_is_posted_and_being_added_again_mends_it(rig: Rig) -> None:
    question = await asked(rig)
    await rig.teams.user(ADA).install(OPS, action="remove")
    with pytest.raises(DeliveryFailure):
        await rig.courier.post(question, Working(), in_doubt=False)
    await rig.teams.user(ADA).install(OPS)
    await rig.courier.post(question, Working(), in_doubt=True)


async def test_a_writing_sign_is_shown_while_a_question_is_worked_on(rig: Rig) -> None:
    question = await asked(rig)
    ref = await rig.courier.post(question, Working(), in_doubt=False)
    await rig.teams.connector.wait_for(lambda connector: connector.calls_of("typing"))
    await rig.courier.update(ref, question, ANSWER)
    signs = len(rig.teams.connector.calls_of("typing"))
    await asyncio.sleep(0.05)
    assert len(rig.teams.connector.calls_of("typing")) == signs


async def test_another_process_finds_the_placeholder_that_a_dead_one_posted(rig: Rig) -> None:
    question = await asked(rig)
    ref = await rig.courier.post(question, Working(), in_doubt=False)
    async with rigged(rig.teams, rig.store.database, options_for(rig.teams)) as successor:
        assert await successor.courier.post(question, Working(), in_doubt=True) == ref
        await successor.courier.update(ref, question, ANSWER)
    assert len(rig.teams.connector.posted()) == 2


async def test_another_process_ends_the_stream_that_a_dead_one_began(rig: Rig) -> None:
    await rig.teams.user(ADA).dm("is core1 up?")
    question = await rig.asked()
    ref = await rig.courier.post(question, Working(), in_doubt=False)
    async with rigged(rig.teams, rig.store.database, options_for(rig.teams)) as successor:
        assert await successor.courier.post(question, Working(), in_doubt=True) == ref
        await successor.courier.update(ref, question, ANSWER)
    assert rig.teams.connector.streams.all[0].over
    assert len(rig.teams.connector.posted()) == 2
