"""Signs that we are at work come at their pace, end with the answer, and leave nothing behind."""

import asyncio
from dataclasses import dataclass, field

from pydantic import SecretStr

from adapters.teams.options import TeamsOptions
from adapters.teams.sdk import Connector
from adapters.teams.signs import Rhythm, Signs
from adapters.teams.spots import Spot
from adapters.teams.tokens import Anonymous, Tokens
from adapters.teams.wire import Wire
from bot.store.addresses import Address, Setting
from bot.types import DeliveryFailure, Platform

CHAT = Spot(Address(Platform.TEAMS, "T1", "a:1", Setting.PERSONAL, "https://teams.example/", "28:bot", "29:ada"), message="m1")


@dataclass
class FakeConnector(Connector):
    """Counts the signs; `failing` makes each of them fail."""

    failing: bool = False
    typed: int = 0
    streamed: list[tuple[str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(Wire(TeamsOptions("app", SecretStr("s"), "T1"), Tokens(Anonymous())))

    async def typing(self, spot: Spot) -> None:
        self.typed += 1
        if self.failing:
            raise DeliveryFailure("http_429", retry_after_s=1)

    async def stream(self, spot: Spot, text: str, sequence: int) -> str:
        self.streamed.append((text, sequence))
        return spot.message


QUICK = Rhythm(every_s=0.04, stream_every_s=0.15, most_s=1.0)


async def test_a_stream_is_kept_alive_by_numbered_pieces_until_it_is_stopped() -> None:
    connector = FakeConnector()
    signs = Signs(connector, QUICK)
    signs.stream("q_1", CHAT)
    assert signs.streaming == {"a:1": "q_1"}
    await asyncio.sleep(0.4)
    await signs.stop("q_1")
    numbers = [sequence for _, sequence in connector.streamed]
    assert numbers == list(range(2, 2 + len(numbers)))
    assert signs.streaming == {}


async def test_a_stream_that_nobody_stops_ends_by_itself_and_frees_its_chat() -> None:
    signs = Signs(FakeConnector(), QUICK)
    signs.stream("q_1", CHAT)
    for _ in range(100):
        await asyncio.sleep(0.05 if signs.streaming else 0)
    assert signs.streaming == {}


async def test_a_sign_that_fails_is_not_shown_again() -> None:
    connector = FakeConnector(failing=True)
    signs = Signs(connector, QUICK)
    signs.write("q_1", CHAT)
    await asyncio.sleep(0.2)
    assert connector.typed == 1
    await signs.close()


async def test_a_private_message_has_no_sign() -> None:
    connector = FakeConnector()
    signs = Signs(connector, QUICK)
    signs.write("q_1", Spot(CHAT.address, to="29:ada"))
    await asyncio.sleep(0.1)
    assert connector.typed == 0
    await signs.stop("q_1")
