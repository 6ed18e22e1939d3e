"""The Teams app package: what Teams' schema allows, filled in, with its pictures, in one zip file."""

import io
import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from adapters.teams.manifest import MANIFEST, SOURCE, Manifest, ManifestError, package, read_manifest, teams_manifest

APP = "12345678-90ab-cdef-1234-567890abcdef"
DOMAIN = "ops.example.com"


def manifest(*, rsc: bool = False) -> Manifest:
    return teams_manifest(APP, DOMAIN, rsc=rsc)


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_app_and_its_bot_have_the_id_that_was_given() -> None:
    made = json.loads(teams_manifest(APP.upper(), DOMAIN, rsc=False).to_json())
    assert (made["id"], made["bots"][0]["botId"]) == (APP, APP)


def test_nothing_of_the_example_is_left() -> None:
    text = manifest(rsc=True).to_json()
    assert "00000000" not in text
    assert "//example.com" not in text
    assert json.loads(text)["validDomains"] == [DOMAIN]


def test_the_first_line_names_the_schema_that_it_is_written_by() -> None:
    made = json.loads(manifest().to_json())
    assert made["$schema"].endswith(f"/teams/v{made['manifestVersion']}/MicrosoftTeams.schema.json")


def test_the_bot_can_be_asked_everywhere_and_privately() -> None:
    (bot,) = json.loads(manifest().to_json())["bots"]
    assert bot["scopes"] == ["personal", "team", "groupChat"]
    assert bot["supportsTargetedMessages"] is True
    assert {"ask", "help"} == {one["title"] for listed in bot["commandLists"] for one in listed["commands"]}
    assert [listed["triggers"] for listed in bot["commandLists"]] == [["mention"], ["slash"]]


def test_a_slash_is_offered_where_there_is_somebody_to_hide_from() -> None:
    slash = next(listed for listed in manifest().bots[0].command_lists if listed.triggers == ["slash"])
    assert slash.scopes == ["team", "groupChat"]


def test_messages_without_a_mention_are_asked_for_only_with_rsc() -> None:
    without, with_rsc = (json.loads(manifest(rsc=rsc).to_json()) for rsc in (False, True))
    assert not {"authorization", "webApplicationInfo"} & without.keys()
    asked = with_rsc["authorization"]["permissions"]["resourceSpecific"]
    assert [one["name"] for one in asked] == ["ChannelMessage.Read.Group", "ChatMessage.Read.Chat"]
    assert with_rsc["webApplicationInfo"]["id"] == APP


def test_a_made_manifest_reads_back() -> None:
    made = manifest(rsc=True)
    assert read_manifest(made.to_json()) == made
    assert "null" not in made.to_json()


def test_the_zip_holds_the_manifest_and_its_icons_at_its_root() -> None:
    files = unzipped(package(manifest()))
    assert files.keys() == {MANIFEST, "color.png", "outline.png", "color32.png"}
    assert files.pop(MANIFEST) == manifest().to_json().encode()
    assert all(content == (SOURCE / name).read_bytes() for name, content in files.items())


def test_the_same_manifest_makes_the_same_bytes() -> None:
    assert package(manifest()) == package(manifest())


@pytest.mark.parametrize("app_id", ["", "switchboard", f"{APP}0", f"{{{APP}}}", APP.replace("-", ""), f"{APP}\n"])
def test_an_id_that_is_no_guid_is_refused_in_one_line(app_id: str) -> None:
    with pytest.raises(ManifestError, match=r"^--app-id [^\n]*$"):
        teams_manifest(app_id, DOMAIN, rsc=False)


@pytest.mark.parametrize("domain", ["", "https://ops.example.com", "ops.example.com/x", "ops", "ops.example.com:443", "a b.com", "1.2.3.4"])
def test_a_domain_that_is_no_host_name_is_refused_in_one_line(domain: str) -> None:
    with pytest.raises(ManifestError, match=r"^--domain [^\n]*$"):
        teams_manifest(APP, domain, rsc=False)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("name.short", "x" * 31, "`name.short`: string should have at most 30 characters"),
        ("description.short", "x" * 81, "`description.short`"),
        ("developer.name", "x" * 33, "`developer.name`"),
        ("developer.websiteUrl", "ops.example.com", "`developer.websiteUrl`"),
        ("accentColor", "blue", "`accentColor`"),
        ("manifestVersion", "1.17", "`manifestVersion`"),
        ("version", "1", "`version`"),
        ("nickname", "x", "`nickname`: extra inputs are not permitted"),
        ("bots", [], "`bots`"),
    ],
)
def test_what_the_schema_forbids_is_refused_in_one_line(key: str, value: object, message: str) -> None:
    *path, last = key.split(".")
    changed = json.loads((SOURCE / MANIFEST).read_text(encoding="utf-8"))
    part = changed
    for name in path:
        part = part[name]
    part[last] = value
    with pytest.raises(ManifestError, match=re.escape(message)) as caught:
        read_manifest(json.dumps(changed))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_json_is_refused() -> None:
    with pytest.raises(ManifestError, match="invalid JSON"):
        read_manifest("{")


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ({"color.png": b""}, r"color\.png: .*192 x 192"),
        ({"outline.png": (SOURCE / "color.png").read_bytes()}, r"outline\.png: .*32 x 32"),
        ({"color32.png": None}, r"color32\.png: "),
    ],
)
def test_a_picture_that_teams_would_not_take_is_refused(tmp_path: Path, broken: dict[str, bytes | None], message: str) -> None:
    shutil.copytree(SOURCE, tmp_path, dirs_exist_ok=True)
    for name, content in broken.items():
        (tmp_path / name).unlink()
        if content is not None:
            (tmp_path / name).write_bytes(content)
    with pytest.raises(ManifestError, match=message):
        package(manifest(), tmp_path)


def test_an_outline_without_a_transparent_ground_is_refused(tmp_path: Path) -> None:
    shutil.copytree(SOURCE, tmp_path, dirs_exist_ok=True)
    opaque = bytearray((SOURCE / "outline.png").read_bytes())
    opaque[25] = 2
    (tmp_path / "outline.png").write_bytes(opaque)
    with pytest.raises(ManifestError, match="transparent"):
        package(manifest(), tmp_path)
