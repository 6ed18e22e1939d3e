"""Whatever people, models or files say is shown as the text that it is, on every page."""

from html.parser import HTMLParser

import pytest

from bot.evals.types import Fault, Review, Verdict
from bot.types import Flag, FlagReason, FlagSource
from router.types import Tier
from tests.fakes.admin_site import AdminSite
from tests.fakes.questions import make_question

ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "</title></style></pre><script>alert(1)</script>",
    "<a href='javascript:alert(1)'>x</a>",
    "{{ 7771 * 7771 }}{% include 'base.html' %}",
    "<!--><script>alert(1)</script-->",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "\u202e\u2066<base href=//evil.example>",
    '" autofocus onfocus=alert(1) x="',
    "<form action=//evil.example><button>Sign in",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
)
EVALUATED = str(7771 * 7771)
OURS = {"shortcuts.js"}


class Reader(HTMLParser):
    """Collects what a browser would make of a page: its tags with attributes, and its text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


def is_ours(reader: Reader) -> bool:
    """Tell whether a page holds no script but ours, nothing inline, and nothing that leads elsewhere."""
    for tag, attributes in reader.tags:
        leads = [attributes.get(name) or "" for name in ("src", "href", "action", "srcset", "formaction")]
        if any(name.startswith("on") or name in ("style", "srcdoc") for name in attributes) or tag in ("iframe", "base", "object", "style"):
            return False
        if any(lead and not lead.startswith(("/admin", "#")) for lead in leads):
            return False
        if tag == "script" and (attributes.get("src") or "").rsplit("/", 1)[-1] not in OURS:
            return False
    return True


@pytest.mark.parametrize("attack", ATTACKS)
async def test_nothing_that_was_stored_becomes_markup_on_any_page(admin: AdminSite, attack: str) -> None:
    question_id = await filled(admin, attack)
    addresses = [route.path for route in admin.dashboard.routes if route.method == "GET" and "{" not in route.path]
    for address in [*addresses, f"/admin/review/{question_id}", f"/admin?days={attack}", f"/admin/review?skip={attack}&saved=q_1"]:
        page = await admin.read(address)
        assert is_ours(read(page)), address
        assert EVALUATED not in page, address


@pytest.mark.parametrize("attack", ATTACKS)
async def test_what_was_said_is_readable_as_it_was_said(admin: AdminSite, attack: str) -> None:
    question_id = await filled(admin, attack)
    assert read(await admin.read(f"/admin/review/{question_id}")).text.count(attack) >= 4, "question, matched question, answer, comment"


@pytest.mark.parametrize("attack", ATTACKS)
async def test_nothing_typed_at_the_sign_in_becomes_markup(admin: AdminSite, attack: str) -> None:
    response = await admin.sign_in(name=attack, token=attack)
    assert is_ours(read(await response.text()))


def test_the_check_itself_sees_an_attack() -> None:
    harmful = [attack for attack in ATTACKS if not is_ours(read(f'<p title="x">{attack}</p>'))]
    assert len(harmful) >= 8


async def filled(admin: AdminSite, attack: str) -> str:
    """Fill everything that people, models and files can write with an attack; return the answer that holds it, revealed."""
    await admin.sign_in(name=attack)
    source = await admin.archive.keep(attack, answer=attack)
    question = make_question(attack, user=attack, channel=attack)
    hit = await admin.archive.keep(question=question, tier=Tier.CACHE, source=source, answer=attack)
    await admin.store.flags.put(Flag(hit, attack, FlagSource.FORM, FlagReason.WRONG, attack, admin.clock()))
    await admin.send("/admin/reveal", question_id=hit, page="/admin/review")
    name = (await admin.store.reveals.latest(1))[0].name
    await admin.store.reviews.put(Review(hit, name, Verdict.NOT_ACCEPTABLE, admin.clock(), Fault.WRONG, attack, attack))
    await admin.store.policies.note(attack)
    admin.clock.advance(60)
    await admin.store.policies.note(attack + "\n" + attack)
    return hit
