"""Where a platform's conversations are reached again, for platforms whose ids alone do not say so."""

from dataclasses import asdict, dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.store.database import Database
from bot.store.reach_tables import addresses
from bot.types import Platform


class Setting(StrEnum):
    """What kind of place a conversation is."""

    PERSONAL = "personal"
    GROUP = "groupChat"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Address:
    """How a conversation is reached: `url` of the platform's service for it, and `bot`, our account's id there.

    `user` is the other side of a personal conversation, and empty elsewhere.
    """

    platform: Platform
    tenant: str
    channel: str
    setting: Setting
    url: str
    bot: str
    user: str = ""


class Addresses:
    """The last known address of each conversation. Every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, address: Address) -> None:
        """Keep an address in place of an earlier one."""
        try:
            await self._put(address)
        except IntegrityError:
            # Another process met the same conversation at the same moment, so now it is there to be changed.
            await self._put(address)

    async def get(self, platform: Platform, tenant: str, channel: str) -> Address | None:
        """Return a conversation's address."""
        return await self._one(_at(platform, tenant, channel))

    async def of_channel(self, platform: Platform, channel: str) -> Address | None:
        """Return the address of a conversation whose tenant is not known."""
        return await self._one(and_(addresses.c.platform == platform.value, addresses.c.channel == channel))

    async def personal(self, platform: Platform, tenant: str, user: str) -> Address | None:
        """Return the address of a person's own conversation with us."""
        own = and_(addresses.c.user == user, addresses.c.setting == Setting.PERSONAL.value)
        return await self._one(and_(addresses.c.platform == platform.value, addresses.c.tenant == tenant, own))

    async def remove(self, platform: Platform, tenant: str, channel: str) -> None:
        """Forget a conversation that we were taken out of."""
        await self._database.change(delete(addresses).where(_at(platform, tenant, channel)))

    async def _one(self, where: ColumnElement[bool]) -> Address | None:
        rows = await self._database.rows(select(addresses).where(where).limit(1))
        if not rows:
            return None
        row = dict(rows[0])
        return Address(**row | {"platform": Platform(row["platform"]), "setting": Setting(row["setting"])})

    async def _put(self, address: Address) -> None:
        mine, values = _at(address.platform, address.tenant, address.channel), asdict(address)

        def put(connection: Connection) -> None:
            if not connection.execute(update(addresses).where(mine).values(values)).rowcount:
                connection.execute(insert(addresses).values(values))

        await self._database.write(put)


def _at(platform: Platform, tenant: str, channel: str) -> ColumnElement[bool]:
    return and_(addresses.c.platform == platform.value, addresses.c.tenant == tenant, addresses.c.channel == channel)
