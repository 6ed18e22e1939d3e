import pytest

from bot.types import FlagReason
from tests.fakes.web_site import Site


async def test_the_page_and_its_files_are_served(site: Site) -> None:
    page = await site.client.get("/")
    assert (page.status, page.content_type) == (200, "text/html")
    script = await site.client.get("/web/static/main.js")
    assert (script.status, script.content_type) == (200, "text/javascript")


async def test_the_page_names_nothing_that_is_not_served(site: Site) -> None:
    text = await (await site.client.get("/")).text()
    names = {part.partition('"')[0] for part in text.split('"/web/static/')[1:]}
    assert {(await site.client.get(f"/web/static/{name}")).status for name in names} == {200}


async def test_setup_tells_the_page_its_channels_and_its_user(site: Site) -> None:
    setup = await (await site.client.get("/web/setup?user=Ana%20B")).json()
    assert setup["user"] == "ana-b"
    assert [place["id"] for place in setup["places"]] == ["noc", "netops", "change", "dm:ana-b"]
    assert [reason["value"] for reason in setup["reasons"]] == [reason.value for reason in FlagReason]


async def test_changes_come_oldest_first_from_a_revision(site: Site) -> None:
    first = await site.say("one")
    second = await site.say("two")
    page = await (await site.client.get(f"/web/messages?user=ana&since={first.revision}")).json()
    assert ([entry["id"] for entry in page["entries"]], page["revision"], page["more"]) == ([second.id], second.revision, False)


async def test_a_provider_is_broken_and_mended(site: Site) -> None:
    broken = await (await site.write("/web/faults", "PUT", model="simulated/small-a", fault="hang")).json()
    assert site.desk.set == {"simulated.simulated/small-a": "hang"}
    assert [(one["name"], one["model"], one["fault"]) for one in broken["providers"]] == [
        ("provider A", "simulated/small-a", "hang"),
        ("provider B", "simulated/frontier-b", ""),
    ]
    await site.write("/web/faults", "PUT", model="simulated/small-a", fault="")
    panel = await (await site.client.get("/web/faults")).json()
    assert [one["fault"] for one in panel["providers"]] == ["", ""]


@pytest.mark.parametrize(("model", "fault"), [("simulated/frontier-b", "hang"), ("openai/gpt", "server_error"), ("", "")])
async def test_only_the_choices_can_be_set(site: Site, model: str, fault: str) -> None:
    assert (await site.write("/web/faults", "PUT", model=model, fault=fault)).status == 400
    assert site.desk.set == {}
