"""Everything is down, the worker is killed in the middle of it, and still each question is answered once, and told of once."""

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.store.inbox import State
from bot.store.tables import inbox
from tests.e2e.deployment import ANSWER_S, Running, deployed, environment_for, eventually
from tests.fakes.slack import FakeSlack, Message, shown_text
from tests.fakes.slack.workspace import ADA, BOB, OPS, Workspace

MODELS = ("small", "frontier")
EASY = "which port does syslog over tls use?"
KEPT = "Your question is kept"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a database that is ready; empty for the one in the deployment's folder."""
    url: str = request.getfixturevalue("ready_postgres_url") if request.param == "postgresql" else ""
    return url


async def break_all(running: Running, fault: str) -> None:
    for model in MODELS:
        await running.switch(model, fault)


async def shows(running: Running, question: Message, words: str) -> Message:
    """Wait until the reply to a question says something, and return it."""

    def look(_workspace: Workspace) -> Message | None:
        return next((reply for reply in running.replies(question) if words in shown_text(reply)), None)

    return await running.slack.wait_for(look, ANSWER_S)


async def claimed(running: Running) -> bool:
    """Whether a try is on its way: a worker holds the question."""
    rows = await running.store.database.rows(
        select(inbox.c.lease_token).where(inbox.c.state == State.RETRYING.value, inbox.c.kind == "ask")
    )
    return any(row["lease_token"] for row in rows)


@pytest.mark.timeout(300)
async def test_a_kept_question_outlives_its_worker_twice_and_is_answered_and_told_of_once(tmp_path: Path, database_url: str) -> None:
    async with FakeSlack() as slack, deployed(slack, environment_for(slack, tmp_path, database_url=database_url)) as running:
        await break_all(running, "server_error")
        question = (await slack.user(ADA).mention(OPS, EASY)).message
        failed = await shows(running, question, KEPT)
        await slack.user(BOB).press(failed, "notify_recovery")
        await eventually(running.store.inbox.counts, lambda counts: State.RETRYING in counts)
        await break_all(running, "hang")
        running.kill("worker-1")
        running.kill("ingress")
        await eventually(lambda: claimed(running), lambda held: held)
        running.kill("worker-1")
        await break_all(running, "")
        answer = await shows(running, question, "6514")
        news = await slack.wait_for(lambda workspace: next(iter(workspace.bot_messages(workspace.im_with_bot(BOB).id)), None), ANSWER_S)
        await eventually(running.store.inbox.counts, lambda counts: counts == {State.DONE: 2})
        assert "Small model" in shown_text(answer)
        assert answer.ts == failed.ts
        assert running.replies(question) == [answer]
        assert "your question has its answer" in shown_text(news)
        assert len(slack.workspace.bot_messages(news.channel)) == 1
