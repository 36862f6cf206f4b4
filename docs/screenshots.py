"""Take the pictures of every page that README.md and docs/ show: `make screenshots`.

Each page, light and dark, at 1400 and at 420 pixels, from a server of its own on a free port.
Needs Chromium: CHROMIUM=/path/to/chromium, else the one on the PATH.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from tests import programs, serving

INTO = Path(__file__).resolve().parent / "screenshots"
PAGES = {
    "ranking": "/",
    "scatter": "/?chart=scatter&pin=openai/gpt-oss-20b&pin=openai/whisper-large-v3&pin=BAAI/bge-m3",
    "model": "/model?model=openai/whisper-large-v3-turbo",
    "compare": "/compare?compare=openai/whisper-large-v3&compare=openai/whisper-large-v3-turbo&compare=BAAI/bge-m3",
    "any": "/any",
    "organisations": "/organisations",
    "organisation": "/organisation?organisation=Meta",
    "sources": "/sources",
    "method": "/method",
    "data": "/data",
}
SIZES = {"": (1400, 1000), "-420": (420, 900)}
SCHEMES = ("light", "dark")
SETTLES = 2500  # milliseconds until charts and tables have painted


def main() -> None:
    """Start the app, warm it, and photograph every page."""
    INTO.mkdir(exist_ok=True)
    program = programs.chromium()
    with TemporaryDirectory() as logs, serving.app(Path(logs) / "log.txt") as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=programs.FLAGS)
        photograph(browser, address + PAGES["ranking"], "light", SIZES[""])  # the first visitor waits for the imports
        for name, path in PAGES.items():
            for scheme in SCHEMES:
                for suffix, size in SIZES.items():
                    picture = photograph(browser, address + path, scheme, size)
                    (INTO / f"{name}-{scheme}{suffix}.png").write_bytes(picture)
        browser.close()


def photograph(browser: Browser, address: str, scheme: str, size: tuple[int, int]) -> bytes:
    """Return one page as PNG; RuntimeError when it shows an error."""
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": size[0], "height": size[1]},
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(address)
    settle(page)
    if page.get_by_test_id("stException").count():
        raise RuntimeError(f"{address} shows an error.")
    picture = page.screenshot()
    context.close()
    return picture


def settle(page: Page) -> None:
    """Wait until the script has run and what it drew has painted."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning] h1", timeout=60_000)
    page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')")  # what stands in for a chart
    page.wait_for_timeout(SETTLES)


if __name__ == "__main__":
    main()
