"""The picture in docs/how-to/preview.md: the page, with the example's speech, in Chromium.

pantomatrix preview examples/speech.wav --port 8080 --no-browser
python examples/picture_preview.py http://127.0.0.1:8080/ docs/images/preview.png
"""

from __future__ import annotations

import shutil
import sys

from playwright.sync_api import expect, sync_playwright


def main(address: str, target: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--enable-unsafe-swiftshader"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 760})
        page.goto(address)
        expect(page.locator("#play")).to_be_enabled(timeout=30_000)
        page.select_option("#emotion", "joy")
        page.fill("#seed", "3")
        page.click("#again")
        expect(page.locator("#take-list .choose").nth(1)).to_have_attribute("aria-pressed", "true", timeout=30_000)
        page.select_option("#right", index=1)
        page.click("#skeleton")
        page.locator("#time").fill("6.1")
        page.wait_for_timeout(1000)
        page.screenshot(path=target)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
