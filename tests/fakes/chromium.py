"""Chromium for tests of pages: found or complained of, launched once, with its console listened to."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, ConsoleMessage, Error, Page, async_playwright, expect

from tests.conftest import skip_or_fail

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 20_000
DESK = (1280, 800)
PHONE = (390, 844)

Visit = Callable[..., Awaitable[Page]]
"""Opens an address in a browser profile of its own, optionally with a window's width and height in pixels."""


def find_chromium() -> Path:
    """Return where Chromium is. Without it the test is skipped, or fails where nothing may be skipped."""
    if not CHROMIUM.exists():
        skip_or_fail(f"no Chromium at {CHROMIUM}")
    return CHROMIUM


@asynccontextmanager
async def chromium(executable: Path) -> AsyncIterator[Browser]:
    """Launch the browser, and close it in the end."""
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield launched
        await launched.close()


@asynccontextmanager
async def visits(browser: Browser) -> AsyncIterator[Visit]:
    """Yield what opens pages, and close them in the end. Whatever a page's console complains of fails the test."""
    complaints: list[str] = []
    pages: list[Page] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    def crashed(error: Error) -> None:
        complaints.append(str(error))

    async def visit(address: str, size: tuple[int, int] = DESK) -> Page:
        page = await browser.new_page(viewport={"width": size[0], "height": size[1]})
        pages.append(page)
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", listen)
        page.on("pageerror", crashed)
        await page.goto(address)
        return page

    expect.set_options(timeout=PATIENCE_MS)
    yield visit
    for page in pages:
        await page.close()
    assert complaints == []
