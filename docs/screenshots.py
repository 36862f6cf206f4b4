"""Take the pictures of every page that README.md and docs/ show: `make screenshots`.

Each page, light and dark, at 1400 and at 420 pixels, from a server of its own on a free port.
Needs Chromium: CHROMIUM=/path/to/chromium, else the one on the PATH.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
INTO = Path(__file__).resolve().parent / "screenshots"
PAGES = {
    "ranking": "/",
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
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
SETTLES = 2500  # milliseconds until charts and tables have painted


def main() -> None:
    """Start the app, warm it, and photograph every page."""
    INTO.mkdir(exist_ok=True)
    with served() as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=list(QUIET))
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


@contextmanager
def served() -> Iterator[str]:
    """Run the app on a free port for a while and give its address."""
    with socket.socket() as client:
        client.bind(("127.0.0.1", 0))
        port = client.getsockname()[1]
    options = ("--server.port", str(port), "--server.headless", "true", "--server.fileWatcherType", "none")
    command = [sys.executable, "-m", "streamlit", "run", "app.py", *options]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own app
    try:
        yield until_healthy(f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait(timeout=10)


def until_healthy(address: str) -> str:
    """Return the address once the server answers; TimeoutError after 30 seconds."""
    for _ in range(150):
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):  # noqa: S310 - our own server
                return address
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"The app does not answer on {address}.")


def chromium() -> str:
    """Return the browser to use; FileNotFoundError when there is none."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        raise FileNotFoundError("There is no chromium on the PATH; install it or set CHROMIUM to where it is.")
    return found


if __name__ == "__main__":
    main()
