"""The preview's page in a real Chromium: what people see, hear and press."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import pytest
import soundfile
from playwright.sync_api import Browser, Page, expect, sync_playwright

from command_line import run
from eventually import eventually
from folders import AUDIO
from pantomatrix_converters.formats import decode_motion
from preview_site import running_preview
from tools import needs

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_FLAGS = (
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
)  # fmt: skip

pytestmark = [pytest.mark.browser, needs(CHROMIUM, "Chromium")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_FLAGS))
        yield running
        running.close()


@dataclass
class Watched:
    """A page, and what went wrong on it."""

    page: Page
    site: str
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda message: self._complain(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self._asked(request.url))

    def _complain(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and "GPU stall" not in text:
            self.complaints.append(text)

    def _asked(self, url: str) -> None:
        if not url.startswith((self.site, f"blob:{self.site}", "data:")):
            self.strangers.append(url)

    def ready(self) -> Page:
        self.page.goto(self.site)
        expect(self.page.locator("#play")).to_be_enabled(timeout=30_000)
        return self.page


@pytest.fixture
def open_page(browser: Browser) -> Iterator:
    """(site, **context options) -> Watched. No console error, no request beyond the site, is part of every test."""
    opened: list[Watched] = []

    def open_at(site: str, **options) -> Watched:
        opened.append(Watched(browser.new_context(viewport={"width": 1280, "height": 800}, **options).new_page(), site))
        return opened[-1]

    yield open_at
    for watched in opened:
        watched.page.context.close()
        assert watched.complaints == []
        assert watched.strangers == []


@pytest.fixture(scope="module")
def talking() -> Iterator[str]:
    """A preview of synthetic speech with known phones."""
    with running_preview(AUDIO / "es01_us_m.wav") as address:
        yield address


def until(page: Page, condition: str) -> None:
    """Wait for a JavaScript condition. Playwright's own way to wait evaluates strings, which the page's policy forbids."""
    eventually(lambda: bool(page.evaluate(condition)), seconds=30)


def seek(page: Page, seconds: float) -> None:
    page.locator("#time").evaluate(
        "(slider, time) => { slider.value = time; slider.dispatchEvent(new Event('input')); }", seconds
    )
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def weight(page: Page, curve: str) -> float:
    return float(page.locator(f"[data-curve={curve}] output").inner_text() or "0")


def clock(page: Page) -> float:
    return float(page.locator("#clock").inner_text().split()[0])


def picture(page: Page) -> np.ndarray:
    """(H, W, 3) of the character, blue green red."""
    return cv2.imdecode(np.frombuffer(page.locator("#view").screenshot(), np.uint8), cv2.IMREAD_COLOR)


def test_sound_and_motion_play_together(talking: str, open_page) -> None:
    page = open_page(talking).ready()
    page.click("#play")
    until(page, "document.getElementById('speech').currentTime > 1")
    state = page.evaluate(
        """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
            const audio = document.getElementById('speech');
            done([audio.currentTime, Number(document.getElementById('time').value), audio.paused, audio.muted,
                  audio.webkitAudioDecodedByteCount]);
        })))"""
    )
    assert state[1] == pytest.approx(state[0], abs=0.1)
    assert state[2:4] == [False, False]
    assert state[4] > 0
    page.click("#play")
    assert page.evaluate("document.getElementById('speech').paused")
    seek(page, 4.3)
    page.click("#play")
    until(page, "Number(document.getElementById('time').value) > 4.5")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play", timeout=10_000)
    assert clock(page) == pytest.approx(4.57, abs=0.02)


def test_the_longer_of_two_takes_goes_on_when_the_sound_has_ended(speech: Path, open_page, tmp_path: Path) -> None:
    file = tmp_path / "long.bvh"
    assert run("generate", speech, "-o", file).returncode == 0
    with running_preview(AUDIO / "es01_us_m.wav", file) as address:
        page = open_page(address).ready()
        expect(page.locator("#right-name")).to_have_text("long.bvh", timeout=30_000)
        seek(page, 4.4)
        page.click("#play")
        until(page, "Number(document.getElementById('time').value) > 5")
        assert page.evaluate("document.getElementById('speech').ended")


def test_the_mouth_opens_on_vowels(talking: str, open_page) -> None:
    phones = json.loads((AUDIO / "es01_us_m.phones.json").read_text())
    page = open_page(talking).ready()
    page.click("[data-view=face]")
    page.locator("#moving").uncheck()
    opened, inside = {}, {}
    for kind, names in (("vowel", {"AA", "AE", "AH", "AO", "AW", "AY"}), ("closed", {"M", "B", "P"})):
        middles = [
            (p["start_s"] + p["end_s"]) / 2 for p in phones if p["phone"] in names and p["end_s"] - p["start_s"] > 0.06
        ]
        assert len(middles) >= 4
        weights, pixels = [], []
        for middle in middles[:8]:
            seek(page, middle)
            weights.append(weight(page, "jawOpen") - weight(page, "mouthClose"))
            pixels.append(mouth_pixels(picture(page)))
        opened[kind], inside[kind] = np.mean(weights), np.mean(pixels)
    assert opened["vowel"] > opened["closed"] + 0.1
    assert inside["vowel"] > 5 * inside["closed"]


def mouth_pixels(image: np.ndarray) -> int:
    """Of the tongue, which is brighter than the lips."""
    blue, green, red = np.moveaxis(image.astype(int), 2, 0)
    return int(((red > 180) & (green < 110) & (blue < 125)).sum())


def test_dropped_speech_becomes_a_take_beside_the_first(speech: Path, open_page, tmp_path: Path) -> None:
    with running_preview() as address:
        watched = open_page(address)
        page = watched.page
        page.goto(address)
        expect(page.locator("#hint")).to_be_visible()
        drop(page, speech)
        expect(page.locator("#left-name")).to_have_text(speech.name, timeout=30_000)
        page.select_option("#speaker", "left_handed")
        page.select_option("#emotion", "joy")
        alone = picture(page)
        page.fill("#seed", "3")
        page.click("#again")
        expect(page.locator("#take-list li")).to_have_count(2)
        expect(page.locator("#take-list li small").nth(1)).to_contain_text("left_handed, seed 3, joy 0.7")
        expect(page.locator("#take-list .choose").nth(1)).to_have_attribute("aria-pressed", "true", timeout=30_000)
        page.select_option("#right", index=1)
        expect(page.locator("#right-name")).to_have_text(speech.name)
        seek(page, 4.0)
        assert np.abs(picture(page).astype(int) - alone).mean() > 1
        page.select_option("#file-skeleton", "ue5_manny")
        with page.expect_download() as waiting:
            page.click("#formats button:text-is('bvh')")
        target = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(target)
        motion = decode_motion(target.read_bytes())[1].motion
        assert target.name == f"{speech.stem}.bvh"
        assert "hand_l" in motion.skeleton.joint_names
        assert len(motion) == 330
        page.click("[aria-label='Remove take 2']")
        expect(page.locator("#take-list li")).to_have_count(1)


def drop(page: Page, file: Path) -> None:
    data = base64.b64encode(file.read_bytes()).decode()
    page.evaluate(
        """([data, name]) => {
            const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
            const transfer = new DataTransfer();
            transfer.items.add(new File([bytes], name));
            document.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, cancelable: true }));
        }""",
        [data, file.name],
    )


def test_what_fails_is_said(open_page, tmp_path: Path) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"no sound at all")
    with running_preview() as address:
        watched = open_page(address)
        watched.page.goto(address)
        watched.page.set_input_files("#files", broken)
        expect(watched.page.locator("#message")).to_contain_text("broken.wav", timeout=30_000)
        expect(watched.page.locator("#take-list .error")).to_be_visible()


def test_another_take_begins_at_its_beginning(speech: Path, open_page, tmp_path: Path) -> None:
    """The slider as well, though it keeps the focus after it was dragged. What is wrong with a file names it once."""
    table = tmp_path / "list.json"
    table.write_text('[{"jawOpen": 1}]')
    with running_preview(speech) as address:
        page = open_page(address).ready()
        page.locator("#time").fill("1.0")
        expect(page.locator("#clock")).to_contain_text("1.00 /")
        page.set_input_files("#files", table)
        expect(page.locator("#message")).to_contain_text("JSON with a list", timeout=30_000)
        assert page.locator("#message").inner_text().count("list.json") == 1
        page.set_input_files("#files", speech)
        expect(page.locator("#clock")).to_contain_text("0.00 /", timeout=30_000)
        expect(page.locator("#time")).to_have_value("0")


def test_speech_that_the_browser_cannot_play_is_heard_all_the_same(speech: Path, open_page, tmp_path: Path) -> None:
    samples, rate = soundfile.read(speech)
    file = tmp_path / "speech.aiff"
    soundfile.write(file, samples, rate)
    with running_preview(file) as address:
        page = open_page(address).ready()
        page.click("#play")
        until(page, "document.getElementById('speech').currentTime > 0.3")


def test_bones_of_any_skeleton_and_motion_without_sound(open_page, tmp_path: Path) -> None:
    lines = ["HIERARCHY", "ROOT base", "{", "OFFSET 0 0 0", "CHANNELS 3 Zrotation Xrotation Yrotation", "JOINT rod", "{",
             "OFFSET 0 100 0", "CHANNELS 3 Zrotation Xrotation Yrotation", "End Site", "{", "OFFSET 0 50 0", "}", "}", "}",
             "MOTION", "Frames: 60", "Frame Time: 0.033333"]  # fmt: skip
    rod = tmp_path / "rod.bvh"
    rod.write_text("\n".join([*lines, *(f"{at} 0 0 {at} 0 0" for at in range(60))]) + "\n")
    with running_preview(rod) as address:
        page = open_page(address).ready()
        expect(page.locator("#take-list small")).to_contain_text("bones")
        before = picture(page)
        page.click("#play")
        until(page, "Number(document.getElementById('time').value) > 0.5")
        assert np.abs(picture(page).astype(int) - before).max() > 30


def test_keys_do_all_that_the_mouse_does(talking: str, open_page) -> None:
    page = open_page(talking).ready()
    page.locator("#view").focus()
    page.keyboard.press("ArrowRight")
    assert clock(page) == pytest.approx(1 / 30, abs=0.01)
    page.keyboard.press("Shift+ArrowRight")
    assert clock(page) == pytest.approx(1 + 1 / 30, abs=0.02)
    page.keyboard.press("End")
    assert clock(page) == pytest.approx(4.57, abs=0.02)
    page.keyboard.press("Home")
    assert clock(page) == 0
    page.keyboard.press("s")
    expect(page.locator("#skeleton")).to_have_attribute("aria-pressed", "true")
    far = picture(page)
    page.keyboard.press("2")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert np.abs(picture(page).astype(int) - far).mean() > 5
    page.keyboard.press(" ")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Pause")
    page.keyboard.press(" ")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play")
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.textContent"))
    assert {"speaker", "emotion", "seed", "again", "files", "view", "skeleton", "play", "time", "loop", "speed", "moving",
            "file-skeleton", "bvh"} <= reached  # fmt: skip


def test_controls_have_names(talking: str, open_page) -> None:
    page = open_page(talking).ready()
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, select, input, canvas#view')].filter((control) =>
            !(control.ariaLabel || control.labels?.[0]?.textContent.trim() || control.textContent.trim())
        ).map((control) => control.outerHTML)"""
    )
    assert nameless == []


def test_a_phones_screen(talking: str, open_page) -> None:
    page = open_page(talking, has_touch=True, is_mobile=True, device_scale_factor=2).page
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(talking)
    expect(page.locator("#play")).to_be_enabled(timeout=30_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for control in ("#view", "#play", "#time"):
        expect(page.locator(control)).to_be_in_viewport()
    page.tap("#play")
    until(page, "document.getElementById('speech').currentTime > 0.3")
