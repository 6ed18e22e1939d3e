"""One database with everything that is kept in it."""

from dataclasses import dataclass

from bot.store.addresses import Addresses
from bot.store.alerts import Alerts
from bot.store.database import Database
from bot.store.delivery import Delivery
from bot.store.entries import Entries
from bot.store.flags import Flags
from bot.store.golden import GoldenQuestions
from bot.store.inbox import Inbox
from bot.store.parts import Parts
from bot.store.policies import PolicyHistory
from bot.store.records import Records
from bot.store.retries import Retries
from bot.store.reveals import Reveals
from bot.store.reviews import Reviews
from bot.store.samples import Samples
from bot.store.sessions import Sessions
from bot.store.spending import Spending
from bot.store.switches import Switches
from bot.store.transcript import Transcript
from router.types import Clock


@dataclass(frozen=True, slots=True)
class Store:
    """The parts, over one database."""

    database: Database
    inbox: Inbox
    retries: Retries
    records: Records
    entries: Entries
    flags: Flags
    switches: Switches
    transcript: Transcript
    addresses: Addresses
    parts: Parts
    policies: PolicyHistory
    sessions: Sessions
    reveals: Reveals
    delivery: Delivery
    samples: Samples
    reviews: Reviews
    golden: GoldenQuestions
    spending: Spending
    alerts: Alerts


def make_store(database: Database, clock: Clock, *, owner: str = "") -> Store:
    """Put the parts over a database; `owner` names a worker's place, see Inbox."""
    records = Records(database)
    return Store(
        database,
        Inbox(database, clock, owner=owner),
        Retries(database, clock),
        records,
        Entries(database, clock),
        Flags(database),
        Switches(database, clock),
        Transcript(database),
        Addresses(database),
        Parts(database),
        PolicyHistory(database, clock),
        Sessions(database, clock),
        Reveals(database, clock),
        Delivery(database, clock),
        Samples(database, clock),
        Reviews(database, records, clock),
        GoldenQuestions(database, clock),
        Spending(database),
        Alerts(database),
    )
