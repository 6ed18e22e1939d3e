"""A stateful fake of Teams for tests: `async with FakeTeams() as teams:`, then let people talk and look at what the bot did."""

from tests.fakes.teams.activities import ADA, APP_ID, BOB, BOT, BOT_NAME, GROUP, OPS, TENANT, Frame, personal
from tests.fakes.teams.connector import Connector
from tests.fakes.teams.fake import FakeTeams
from tests.fakes.teams.issuer import Issuer, Key, Trouble
from tests.fakes.teams.people import Person, Said
from tests.fakes.teams.postman import Postman, Told
from tests.fakes.teams.records import Place, Posted

__all__ = [
    "ADA",
    "APP_ID",
    "BOB",
    "BOT",
    "BOT_NAME",
    "GROUP",
    "OPS",
    "TENANT",
    "Connector",
    "FakeTeams",
    "Frame",
    "Issuer",
    "Key",
    "Person",
    "Place",
    "Posted",
    "Postman",
    "Said",
    "Told",
    "Trouble",
    "personal",
]
