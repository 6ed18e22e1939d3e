"""The adapter between the fake Teams and a real store: what people do, and what they then see."""

from dataclasses import replace

import pytest

from bot.replies import Cause, Failed, Offer
from bot.store.addresses import Setting
from bot.types import Badge, Kind, MessageGone, MessageRef, Platform, Withdrawn, Working
from router.types import Source, Visibility
from tests.adapters.teams.rig import ANSWER, Rig, matched
from tests.fakes.slack.faults import Fault, FaultKind
from tests.fakes.teams import ADA, BOB, BOT, GROUP, OPS, TENANT, Frame, personal


async def test_a_mention_in_a_channel_becomes_a_question_in_its_thread(rig: Rig) -> None:
    said = await rig.teams.user(ADA).mention("is core1 up?")
    question = await rig.asked()
    assert said.told.status == 202
    assert (question.text, question.user, question.kind, question.private) == ("is core1 up?", ADA, Kind.ASK, False)
    place = question.conversation
    assert (place.platform, place.tenant, place.channel, place.thread) == (Platform.TEAMS, TENANT, OPS.conversation, said.id)
    assert place.visibility is Visibility.PRIVATE


async def test_a_personal_message_is_a_question_without_a_mention(rig: Rig) -> None:
    await rig.teams.user(ADA).dm("is core1 up?")
    question = await rig.asked()
    assert (question.text, question.conversation.visibility) == ("is core1 up?", Visibility.DIRECT)


async def test_an_answer_takes_the_place_of_its_placeholder_with_badge_label_and_thumbs(rig: Rig) -> None:
    await rig.teams.user(ADA).mention("is core1 up?")
    first, buttons = await rig.answered(await rig.asked())
    assert first.updates == 1
    assert first.text == "Restart the exporter on core1.\n\n🟢 **Small model** · 0.9 s · $0.0004"
    assert first.takes_feedback
    assert [one.get("additionalType") for one in first.entities] == [["AIGeneratedContent"]]
    assert [action["title"] for action in buttons.actions] == ["Ask the frontier model", "Why this tier?"]
    assert not buttons.takes_feedback


async def test_an_answer_stands_in_the_thread_of_its_question(rig: Rig) -> None:
    said = await rig.teams.user(ADA).mention("is core1 up?")
    posted = await rig.answered(await rig.asked())
    assert {(one.conversation, one.thread) for one in posted} == {(OPS.conversation, said.id)}


async def test_a_message_that_is_delivered_twice_is_taken_once(rig: Rig) -> None:
    said = await rig.teams.user(ADA).mention("is core1 up?")
    await rig.teams.user(ADA).again(said)
    assert len(await rig.taken()) == 1


async def test_a_private_question_is_answered_to_its_asker_alone(rig: Rig) -> None:
    await rig.teams.user(ADA).privately("is core1 up?")
    question = await rig.asked()
    assert question.private
    assert {one.to for one in await rig.answered(question)} == {ADA}


async def test_a_restart_continues_a_conversation_from_the_store(rig: Rig) -> None:
    await rig.teams.user(ADA).mention("is core1 up?")
    address = await rig.store.addresses.get(Platform.TEAMS, TENANT, OPS.conversation)
    assert address is not None
    assert (address.setting, address.url, address.bot) == (Setting.CHANNEL, rig.teams.connector.service_url, BOT)


async def test_an_edit_reaches_the_inbox_with_the_new_text(rig: Rig) -> None:
    said = await rig.teams.user(ADA).mention("is core1 up?")
    await rig.teams.user(ADA).edit(said, "<at>Switchboard</at> is core2 up?")
    asked, edited = await rig.taken()
    assert (edited.kind, edited.text, edited.source) == (Kind.EDITED, "is core2 up?", asked.source)


async def test_a_deletion_reaches_the_inbox(rig: Rig) -> None:
    said = await rig.teams.user(ADA).mention("is core1 up?")
    await rig.teams.user(ADA).delete(said)
    asked, deleted = await rig.taken()
    assert (deleted.kind, deleted.source) == (Kind.DELETED, asked.source)


async def test_a_withdrawn_answer_is_deleted_with_all_its_parts(rig: Rig) -> None:
    await rig.teams.user(ADA).mention("is core1 up?")
    question = await rig.asked()
    ref = await rig.courier.post(question, Working(), in_doubt=False)
    await rig.courier.update(ref, question, replace(ANSWER, text="word " * 8_000))
    assert len(rig.teams.connector.posted()) > 3
    await rig.courier.update(ref, question, Withdrawn())
    assert rig.teams.connector.posted() == []


@pytest.mark.parametrize("encoded", [None, "too old", {"feedbackText": "too old"}])
async def test_a_dislike_with_its_words_is_one_flag_in_every_encoding(rig: Rig, encoded: object) -> None:
    await rig.teams.user(ADA).mention("is core1 up?")
    question = await rig.asked()
    first, _ = await rig.answered(question)
    told = await rig.teams.user(BOB).rate(first, "dislike", "too old", encoded=encoded)
    await rig.teams.user(BOB).react(first, "angry")
    assert (told.status, told.json) == (200, {})
    (flagged,) = await rig.store.flags.standing(10)
    assert (flagged.flag.question_id, flagged.flag.user, flagged.flag.comment) == (question.id, BOB, "too old")


async def test_a_reaction_is_a_flag_until_it_is_taken_off(rig: Rig) -> None:
    await rig.teams.user(ADA).mention("is core1 up?")
    first, _ = await rig.answered(await rig.asked())
    await rig.teams.user(ADA).react(first, "1f44e_thumbsdown")
    assert len(await rig.store.flags.standing(10)) == 1
    await rig.teams.user(ADA).unreact(first, "1f44e_thumbsdown")
    assert await rig.store.flags.standing(10) == ()


async def test_a_reaction_that_is_no_flag_leaves_none(rig: Rig) -> None:
    await rig.teams.user(ADA).mention("is core1 up?")
    first, _ = await rig.answered(await rig.asked())
    await rig.teams.user(ADA).react(first, "like")
    assert await rig.store.flags.standing(10) == ()


async def test_a_reaction_on_a_further_part_flags_the_answer(rig: Rig) -> None:
    await rig.teams.user(ADA).mention("is core1 up?")
    question = await rig.asked()
    posted = await rig.answered(question, replace(ANSWER, text="word " * 8_000))
    await rig.teams.user(ADA).react(posted[1], "angry")
    (flagged,) = await rig.store.flags.standing(10)
    assert flagged.flag.question_id == question.id


async def test_the_frontier_button_asks_again_and_refreshes_its_card(rig: Rig) -> None:
    await rig.teams.user(ADA).mention("is core1 up?")
    question = await rig.asked()
    _, buttons = await rig.answered(question)
    told = await rig.teams.user(BOB).press(buttons, "Ask the frontier model")
    (again,) = await rig.taken()
    assert (told.status, told.json["type"]) == (200, "application/vnd.microsoft.card.adaptive")
    assert (again.kind, again.parent, again.user) == (Kind.ESCALATE, question.id, BOB)


async def test_a_client_without_universal_actions_asks_again_by_a_message(rig: Rig) -> None:
    await rig.teams.user(ADA).mention("is core1 up?")
    question = await rig.asked()
    _, buttons = await rig.answered(question)
    await rig.teams.user(BOB).submit(buttons, "Ask the frontier model")
    (again,) = await rig.taken()
    assert (again.kind, again.parent) == (Kind.ESCALATE, question.id)


async def test_a_failed_question_offers_to_try_again_and_takes_no_feedback(rig: Rig) -> None:
    await rig.teams.user(ADA).mention("is core1 up?")
    failed = Failed("Every model was busy.", Cause.ALL_DOWN, offers=(Offer.TRY_AGAIN,))
    first, buttons = await rig.answered(await rig.asked(), failed)
    assert first.text.startswith("⛔ **I could not answer this.** Every model was busy.")
    assert not first.takes_feedback
    assert first.entities == []
    await rig.teams.user(ADA).press(buttons, "Try again")
    assert len(await rig.taken()) == 1


async def test_buttons_that_a_later_reply_does_not_have_are_taken_away(rig: Rig) -> None:
    await rig.teams.user(ADA).mention("is core1 up?")
    question = await rig.asked()
    await rig.answered(question)
    first = rig.teams.connector.posted()[0]
    ref = MessageRef(Platform.TEAMS, TENANT, first.conversation, first.id)
    await rig.courier.update(ref, question, Failed("The model refused it.", Cause.REFUSED))
    (left,) = rig.teams.connector.posted()
    assert left.text.startswith("⚠️ **The model refused it.**")


async def test_a_personal_answer_is_streamed_into_its_placeholder(rig: Rig) -> None:
    await rig.teams.user(ADA).dm("is core1 up?")
    question = await rig.asked()
    ref = await rig.courier.post(question, Working(), in_doubt=False)
    (stream,) = rig.teams.connector.streams.all
    assert (stream.pieces, stream.over, ref.message) == (["Working on it…"], False, stream.id)
    await rig.courier.update(ref, question, ANSWER)
    first, _buttons = rig.teams.connector.posted()
    assert (stream.over, first.id, first.takes_feedback) == (True, stream.id, True)


async def test_an_answer_after_its_stream_has_ended_replaces_the_message(rig: Rig) -> None:
    await rig.teams.user(ADA).dm("is core1 up?")
    question = await rig.asked()
    ref = await rig.courier.post(question, Working(), in_doubt=False)
    await rig.courier.update(ref, question, ANSWER)
    await rig.courier.update(ref, question, replace(ANSWER, text="Restart core2 instead."))
    first, _buttons = rig.teams.connector.posted()
    assert (first.text.splitlines()[0], first.updates) == ("Restart core2 instead.", 1)


async def test_a_second_question_in_a_chat_gets_a_placeholder_of_its_own_while_the_first_is_streamed(rig: Rig) -> None:
    await rig.teams.user(ADA).dm("is core1 up?")
    await rig.teams.user(ADA).dm("is core2 up?")
    one, two = await rig.taken()
    await rig.courier.post(one, Working(), in_doubt=False)
    await rig.courier.post(two, Working(), in_doubt=False)
    (placeholder,) = rig.teams.connector.posted()
    assert placeholder.text == "⏳ Working on it. This message becomes the answer."
    assert len(rig.teams.connector.streams.all) == 1


async def test_a_chat_without_streams_gets_a_placeholder(rig: Rig) -> None:
    rig.teams.connector.fail(Fault(FaultKind.ERROR, "typing", status=403, error="ContentStreamNotAllowed"))
    await rig.teams.user(ADA).dm("is core1 up?")
    first, _buttons = await rig.answered(await rig.asked())
    assert (first.updates, first.text.splitlines()[0]) == (1, "Restart the exporter on core1.")


async def test_a_placeholder_that_somebody_deleted_is_followed_by_the_answer(rig: Rig) -> None:
    await rig.teams.user(ADA).mention("is core1 up?")
    question = await rig.asked()
    ref = await rig.courier.post(question, Working(), in_doubt=False)
    rig.teams.connector.take_away(rig.teams.connector.posted()[0])
    with pytest.raises(MessageGone):
        await rig.courier.update(ref, question, ANSWER)
    posted = await rig.courier.post(question, ANSWER, in_doubt=True)
    assert next(one.id for one in rig.teams.connector.posted()) == posted.message


async def test_an_answer_from_the_cache_says_what_it_matched(rig: Rig) -> None:
    await rig.teams.user(ADA).mention("exporter metrics gone after the deploy")
    question = await rig.asked()
    cached = replace(ANSWER, badge=Badge.CACHE, can_escalate=False, match=matched(question))
    first, buttons = await rig.answered(question, cached)
    assert "⚪ **Cache** · answered 2 h ago · match 0.96 · $0.0004" in first.text
    assert "*Matched:* “exporter metrics stop after deploy”" in first.text
    assert [action["title"] for action in buttons.actions] == ["Ask again live", "Not the same question", "Why this tier?"]


async def test_being_added_is_answered_with_a_welcome_once(rig: Rig) -> None:
    await rig.teams.user(ADA).install(GROUP)
    welcome = await rig.teams.connector.wait_for(lambda connector: connector.posted(GROUP.conversation))
    assert "Mention me with your question" in welcome[0].shown


async def test_help_is_answered_without_a_question(rig: Rig) -> None:
    await rig.teams.user(ADA).dm("help")
    helped = await rig.teams.connector.wait_for(lambda connector: connector.posted(personal(ADA).conversation))
    assert "Best effort" in helped[0].shown
    assert await rig.taken() == []


async def test_in_doubt_the_noted_placeholder_counts(rig: Rig) -> None:
    await rig.teams.user(ADA).mention("is core1 up?")
    question = await rig.asked()
    first = await rig.courier.post(question, Working(), in_doubt=False)
    assert await rig.courier.post(question, Working(), in_doubt=True) == first
    assert len(rig.teams.connector.posted()) == 1


async def test_an_edit_that_takes_the_mention_away_still_changes_the_question(rig: Rig) -> None:
    said = await rig.teams.user(ADA).mention("is core1 up?")
    await rig.teams.user(ADA).edit(said, "is core2 up?")
    assert [one.text for one in await rig.taken()] == ["is core1 up?", "is core2 up?"]


async def test_a_follow_up_of_the_asker_in_a_thread_needs_no_mention(rig: Rig) -> None:
    said = await rig.teams.user(ADA).mention("is core1 up?")
    await rig.teams.user(ADA).say(OPS, "and core2?", thread=said.thread)
    await rig.teams.user(BOB).say(OPS, "I think so", thread=said.thread)
    asked = await rig.taken()
    assert [(one.text, one.conversation.thread) for one in asked] == [("is core1 up?", said.id), ("and core2?", said.id)]


async def test_a_message_to_nobody_is_not_taken(rig: Rig) -> None:
    said = await rig.teams.user(ADA).say(OPS, "coffee?")
    assert said.told.status == 202
    assert await rig.taken() == []


async def test_status_tells_what_was_spent_and_whether_models_answer(rig: Rig) -> None:
    await rig.teams.user(ADA).mention("status")
    (told,) = await rig.teams.connector.wait_for(lambda connector: connector.posted(OPS.conversation))
    assert "not asked in the last 15 minutes" in told.shown
    assert "Spent today (UTC)" in told.shown
    assert await rig.taken() == []


async def test_a_message_that_quotes_an_answer_goes_on_in_its_thread(rig: Rig) -> None:
    said = await rig.teams.user(ADA).dm("is core1 up?")
    first, _buttons = await rig.answered(await rig.asked())
    frame = Frame(rig.teams.connector.service_url, ADA, personal(ADA))
    quoting = {"type": "quotedReply", "quotedReply": {"messageId": first.id}}
    await rig.teams.postman.send(frame.message("1700000000099", "and core2?") | {"entities": [quoting]})
    assert (await rig.asked()).conversation.thread == said.id


async def test_the_sources_of_an_answer_are_citations_of_the_message_that_marks_them(rig: Rig) -> None:
    cited = replace(ANSWER, sources=(Source("RFC 4271", "https://rfc.example/4271"),))
    await rig.teams.user(ADA).mention("is core1 up?")
    first, _ = await rig.answered(await rig.asked(), cited)
    page = {"@type": "DigitalDocument", "name": "RFC 4271", "abstract": "rfc.example", "url": "https://rfc.example/4271"}
    assert [one.get("citation") for one in first.entities] == [[{"@type": "Claim", "position": 1, "appearance": page}]]
    assert "[1]" in first.text
