"""How conversations are reached is kept, renewed and forgotten."""

from dataclasses import replace

import pytest

from bot.store.addresses import Address, Addresses, Setting
from bot.store.database import Database
from bot.store.forget import forget_user
from bot.types import Platform

OPS = Address(Platform.TEAMS, "T1", "19:ops", Setting.CHANNEL, "https://teams.example/emea/", "28:bot")
ADA = Address(Platform.TEAMS, "T1", "a:1ada", Setting.PERSONAL, "https://teams.example/emea/", "28:bot", "29:ada")


@pytest.fixture
def addresses(database: Database) -> Addresses:
    return Addresses(database)


async def test_an_address_is_found_by_its_conversation(addresses: Addresses) -> None:
    await addresses.put(OPS)
    assert await addresses.get(Platform.TEAMS, "T1", "19:ops") == OPS
    assert await addresses.of_channel(Platform.TEAMS, "19:ops") == OPS
    assert await addresses.get(Platform.TEAMS, "T2", "19:ops") is None
    assert await addresses.get(Platform.SLACK, "T1", "19:ops") is None


async def test_the_last_address_of_a_conversation_counts(addresses: Addresses) -> None:
    await addresses.put(OPS)
    moved = replace(OPS, url="https://teams.example/amer/")
    await addresses.put(moved)
    assert await addresses.get(Platform.TEAMS, "T1", "19:ops") == moved


async def test_a_person_is_reached_in_their_own_conversation(addresses: Addresses) -> None:
    await addresses.put(OPS)
    await addresses.put(ADA)
    assert await addresses.personal(Platform.TEAMS, "T1", "29:ada") == ADA
    assert await addresses.personal(Platform.TEAMS, "T1", "29:bob") is None


async def test_a_removed_address_is_gone(addresses: Addresses) -> None:
    await addresses.put(OPS)
    await addresses.remove(Platform.TEAMS, "T1", "19:ops")
    assert await addresses.get(Platform.TEAMS, "T1", "19:ops") is None


async def test_a_forgotten_person_leaves_no_address(addresses: Addresses, database: Database) -> None:
    await addresses.put(ADA)
    await addresses.put(OPS)
    await forget_user(database, "29:ada")
    assert await addresses.personal(Platform.TEAMS, "T1", "29:ada") is None
    assert await addresses.get(Platform.TEAMS, "T1", "19:ops") == OPS
