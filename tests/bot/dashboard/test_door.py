"""Nobody sees or does anything at the dashboard without a session, and every answer has its headers."""

import re

import pytest
from aiohttp import ClientResponse
from sqlalchemy import text

from bot.dashboard.app import Dashboard, Route
from bot.dashboard.door import COOKIE, SIGNED_OUT, STALE_FORM, WRONG_HOST
from tests.fakes.admin_site import AdminSite

WRONG_COOKIES = ("", "x", "0" * 64, "ä", "a" * 4000)
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def address_of(route: Route) -> str:
    """Return an address that leads to a route."""
    return re.sub(r"\{.*\}", "q_1", route.path)


def addresses(dashboard: Dashboard) -> list[tuple[str, str]]:
    made = [(route.method, address_of(route)) for route in dashboard.routes]
    assert len(made) > 1
    return [*made, ("GET", "/admin/"), ("GET", "/admin/nothing-here"), ("DELETE", "/admin"), ("PUT", "/admin/flags")]


async def knock(site: AdminSite, method: str, address: str, cookie: str = "") -> ClientResponse:
    headers = {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
    return await site.client.request(method, address, headers=headers, allow_redirects=False)


@pytest.mark.parametrize("cookie", WRONG_COOKIES)
async def test_without_the_right_cookie_every_page_leads_to_the_sign_in_and_no_form_is_taken(site: AdminSite, cookie: str) -> None:
    for method, address in addresses(site.dashboard):
        response = await knock(site, method, address, cookie)
        if method == "GET":
            assert (response.status, response.headers["Location"]) == (303, f"/admin/login?next={address}")
            assert await response.text() == ""
        else:
            assert response.status == 401
            assert SIGNED_OUT in await response.text()


async def test_with_the_right_cookie_every_page_is_there(admin: AdminSite) -> None:
    for route in admin.dashboard.routes:
        if route.method == "GET" and "{" not in route.path:
            assert await admin.read(route.path)


@pytest.mark.parametrize(("method", "address"), [("GET", "/admin/nothing-here"), ("DELETE", "/admin"), ("GET", "/admin/logout")])
async def test_what_is_not_there_is_said_not_to_be(admin: AdminSite, method: str, address: str) -> None:
    assert (await admin.client.request(method, address)).status == 404


async def test_a_session_that_ran_out_opens_nothing(admin: AdminSite) -> None:
    admin.clock.advance(13 * 3600)
    assert (await admin.client.get("/admin", allow_redirects=False)).status == 303


async def test_without_its_form_token_no_form_is_taken(admin: AdminSite) -> None:
    for route in admin.dashboard.routes:
        for token in ("", "0" * 64, "ä"):
            if route.method == "POST":
                response = await admin.client.post(address_of(route), data={"form_token": token}, allow_redirects=False)
                assert response.status == 403
                assert STALE_FORM in await response.text()
    assert (await admin.client.get("/admin", allow_redirects=False)).status == 200, "nobody was signed out"


async def test_a_form_that_another_site_sends_is_not_taken(admin: AdminSite) -> None:
    for origin in ("cross-site", "same-site"):
        response = await admin.client.post("/admin/logout", headers={"Sec-Fetch-Site": origin}, allow_redirects=False)
        assert response.status == 403


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data; boundary=x"])
async def test_only_plain_forms_are_taken(admin: AdminSite, kind: str) -> None:
    response = await admin.client.post("/admin/logout", data=b"{}", headers={"Content-Type": kind}, allow_redirects=False)
    assert response.status == 415


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded; charset=utf-8", "application/x-www-form-urlencoded; charset=nonsense"]
)
async def test_a_form_that_cannot_be_read_is_refused(admin: AdminSite, kind: str) -> None:
    response = await admin.client.post("/admin/logout", data=b"\xff\xfe=%ff", headers={"Content-Type": kind}, allow_redirects=False)
    assert response.status == 400


@pytest.mark.parametrize("host", ["attacker.example", "127.0.0.1.attacker.example", "localhost.attacker.example:80", "[::1", "10.0.0.1"])
async def test_on_loopback_a_foreign_name_in_host_is_refused(admin: AdminSite, host: str) -> None:
    for path in ("/admin", "/admin/login", "/admin/static/dashboard.css"):
        response = await admin.client.get(path, headers={"Host": host}, allow_redirects=False)
        assert response.status in (400, 403)
        assert response.status == 400 or WRONG_HOST in await response.text()


async def test_every_answer_carries_the_security_headers_and_no_page_is_cached(admin: AdminSite) -> None:
    for path in ("/admin", "/admin/login", "/admin/nothing-here", "/admin/static/dashboard.css", "/admin/static/nothing-here"):
        response = await admin.client.get(path)
        assert {name: response.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS
        cached = response.headers["Cache-Control"]
        assert cached == ("public, max-age=300" if path.endswith(".css") else "no-store")


async def test_when_the_database_is_gone_the_page_says_so_in_plain_words(admin: AdminSite) -> None:
    await admin.store.database.change(text("DROP TABLE admin_sessions"))
    response = await admin.client.get("/admin", allow_redirects=False)
    assert response.status == 503
    assert "database cannot be reached" in await response.text()
