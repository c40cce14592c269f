"""A headless Chromium that opens reports with the network blocked, and tells what its console has said."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conftest import absent
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

PATIENCE = 30
"""Seconds until something that is waited for has to be there."""
SWITCHES = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-prefers-reduced-motion",
)


@dataclass(frozen=True, slots=True)
class Page:
    """A report that is open in the browser."""

    driver: Chrome

    def all(self, selector: str) -> Sequence[WebElement]:
        """The elements of a CSS selector."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        """The first element of a CSS selector, waited for."""
        return WebDriverWait(self.driver, PATIENCE).until(lambda driver: driver.find_element(By.CSS_SELECTOR, selector))

    def click(self, selector: str) -> None:
        """Click the first element of a CSS selector after scrolling to it."""
        self.run("arguments[0].scrollIntoView({block: 'center'}); arguments[0].click()", self.one(selector))

    def run(self, script: str, *arguments: object) -> Any:
        """What a script returns."""
        return self.driver.execute_script(script, *arguments)

    def text(self, selector: str = "body") -> str:
        """The text of an element as a reader sees it."""
        return str(self.run("return arguments[0].innerText", self.one(selector)))

    def complaints(self) -> list[str]:
        """What the console has said of errors and warnings since it was asked last."""
        entries = self.driver.execute("getLog", {"type": "browser"})["value"]
        return [entry["message"] for entry in entries if entry["level"] in ("SEVERE", "WARNING")]


@contextmanager
def chromium(width: int = 1280, height: int = 1000) -> Iterator[Chrome]:
    """A browser of Debian's packages chromium and chromium-driver; skips where they are not, and fails in CI."""
    programs = [shutil.which("chromium"), shutil.which("chromedriver")]
    if None in programs:
        absent("chromium and chromium-driver are not installed")
    options = ChromeOptions()
    options.binary_location = str(programs[0])
    for switch in (*SWITCHES, f"--window-size={width},{height}"):
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = Chrome(options=options, service=ChromeService(executable_path=str(programs[1])))
    try:
        yield driver
    finally:
        driver.quit()


def opened(driver: Chrome, path: Path, choices: str = "lang=en") -> Page:
    """A report with what the reader has chosen, once it is ready."""
    driver.get("about:blank")
    driver.get(f"{path.resolve().as_uri()}#{choices}")
    ready = "return document.documentElement.dataset.ready === 'true'"
    WebDriverWait(driver, PATIENCE).until(lambda shown: shown.execute_script(ready))
    return Page(driver)
