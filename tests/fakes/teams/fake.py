"""The fake of Teams as a whole: its connector, the server of its keys, and its people."""

from types import TracebackType
from typing import Self

from aiohttp import web

from tests.fakes.teams.activities import APP_ID, TENANT
from tests.fakes.teams.connector import Connector
from tests.fakes.teams.issuer import Issuer
from tests.fakes.teams.people import Person
from tests.fakes.teams.postman import Postman


class FakeTeams:
    """Teams on loopback, for `async with`."""

    def __init__(self) -> None:
        self.app_id, self.tenant = APP_ID, TENANT
        self.issuer = Issuer(APP_ID)
        self.connector = Connector()
        self._app = web.Application(client_max_size=10_000_000)
        self.issuer.add_routes(self._app)
        self.connector.add_routes(self._app)
        self._runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=0.5)

    async def __aenter__(self) -> Self:
        self.postman = Postman(self.issuer)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.issuer.base_url = self.connector.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.issuer.close()
        self.connector.close()
        await self.postman.close()
        await self._runner.cleanup()

    def deliver_to(self, url: str) -> None:
        """Set the bot's messaging endpoint."""
        self.postman.url = url

    def user(self, person: str) -> Person:
        """Return a person, who can then do things."""
        return Person(self.connector, self.postman, person)
