"""Who knows the token gets a session; who guesses is slowed down."""

import pytest

from bot.dashboard.keys import Keys
from bot.dashboard.limiter import TRIES, WINDOW
from bot.dashboard.signing_in import NO_NAME, STALE, WRONG_TOKEN, _onward
from tests.fakes.admin_site import TOKEN, AdminSite, form_token_of

WRONG = "another-token-of-this-test-with-32-bytes"


async def test_the_token_opens_a_session_under_the_name_that_was_given(site: AdminSite) -> None:
    response = await site.sign_in("eve")
    assert (response.status, response.headers["Location"]) == (303, "/admin")
    assert "eve" in await site.read("/admin")


async def test_the_cookie_is_for_this_site_s_pages_alone_and_no_script_sees_it(site: AdminSite) -> None:
    set_cookie = (await site.sign_in()).headers.getall("Set-Cookie")[0]
    assert {"HttpOnly", "SameSite=Strict", "Path=/admin", "Max-Age=43200"} <= {part.strip() for part in set_cookie.split(";")}
    assert TOKEN not in set_cookie


async def test_behind_a_proxy_with_tls_the_cookie_travels_over_tls_alone(site: AdminSite) -> None:
    shown = await site.client.get("/admin/login", headers={"X-Forwarded-Proto": "https"})
    assert "Secure" in shown.headers["Set-Cookie"]


@pytest.mark.parametrize("token", ["", WRONG, TOKEN[:-1], TOKEN + "x", "ä" * 40, "\0"])
async def test_another_token_opens_nothing(site: AdminSite, token: str) -> None:
    response = await site.sign_in(token=token)
    assert response.status == 401
    assert WRONG_TOKEN in await response.text()
    assert site.cookie == ""


async def test_the_token_is_never_written_into_a_page(site: AdminSite) -> None:
    assert WRONG not in await (await site.sign_in(token=WRONG)).text()


async def test_somebody_without_a_name_is_asked_for_it(site: AdminSite) -> None:
    response = await site.sign_in(name=" \u202e\n")
    assert response.status == 400
    assert NO_NAME in await response.text()


async def test_after_some_wrong_tokens_even_the_right_one_has_to_wait(site: AdminSite) -> None:
    for _ in range(TRIES):
        assert (await site.sign_in(token=WRONG)).status == 401
    assert (await site.sign_in()).status == 429
    site.clock.advance(WINDOW.total_seconds())
    assert (await site.sign_in()).status == 303


async def test_a_sign_in_that_another_site_made_up_is_refused(site: AdminSite) -> None:
    response = await site.client.post("/admin/login", data={"token": TOKEN, "name": "eve"}, allow_redirects=False)
    assert response.status == 403
    assert STALE in await response.text()


async def test_signing_out_ends_the_session_for_whoever_has_the_cookie(admin: AdminSite) -> None:
    cookie = admin.cookie
    assert (await admin.send("/admin/logout")).status == 303
    again = await admin.client.get("/admin", headers={"Cookie": f"switchboard_admin={cookie}"}, allow_redirects=False)
    assert again.status == 303


async def test_one_s_form_token_is_of_no_use_to_another(admin: AdminSite) -> None:
    token = form_token_of(await admin.read("/admin"))
    admin.client.session.cookie_jar.clear()
    await admin.sign_in("bob")
    assert (await admin.client.post("/admin/logout", data={"form_token": token}, allow_redirects=False)).status == 403


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example", "//evil.example", "/admin/../x", "/\\evil", "/admin@evil", "", "/slack", "/admin/\u00e9", "/admin/x\r\nA: b"],
)
def test_signing_in_leads_to_no_other_site(wanted: str) -> None:
    assert _onward(wanted) == "/admin"


@pytest.mark.parametrize("wanted", ["/admin", "/admin/flags", "/admin?days=30", "/admin/review/q_12-3"])
def test_signing_in_leads_to_the_page_that_was_asked_for(wanted: str) -> None:
    assert _onward(wanted) == wanted


def test_another_token_derives_other_sessions_and_forms() -> None:
    old, new = Keys(TOKEN), Keys(WRONG)
    assert old.session_id("c") != new.session_id("c")
    assert not new.is_form_token("c", old.form_token("c"))
    assert old.session_id("c") != old.form_token("c")
