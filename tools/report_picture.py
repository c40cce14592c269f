"""Draw the pictures of the report that the READMEs begin with, from the report of the demo.

    ecosystem demo && python -m tools.report_picture demo/report.html

Needs Debian's chromium and chromium-driver. Pictures are of 256 colours, so that they stay small.
"""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.support.ui import WebDriverWait

ROOT = Path(__file__).parents[1]
PICTURES = {"en": ROOT / "docs" / "report.png", "zh": ROOT / "docs" / "zh" / "report.png"}
WIDTH, HEIGHT = 1240, 1180


READY = "return document.documentElement.dataset.ready === 'true'"
DRAWN = "return document.querySelector('#map svg') !== null"


def main() -> None:
    """Write both pictures."""
    page = Path(sys.argv[1]).resolve().as_uri()
    options = ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    for switch in ("--headless=new", "--no-sandbox", "--disable-gpu", f"--window-size={WIDTH},{HEIGHT}"):
        options.add_argument(switch)
    driver = Chrome(options=options, service=ChromeService(executable_path=str(shutil.which("chromedriver"))))
    try:
        for lang, path in PICTURES.items():
            driver.get("about:blank")
            driver.get(f"{page}#lang={lang}&theme=light&region=330000")
            WebDriverWait(driver, 30).until(lambda shown: shown.execute_script(READY))
            driver.execute_script("document.getElementById('map').scrollIntoView({behavior: 'instant'})")
            WebDriverWait(driver, 30).until(lambda shown: shown.execute_script(DRAWN))
            picture = Image.open(io.BytesIO(driver.get_screenshot_as_png())).convert("RGB")
            picture.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
    finally:
        driver.quit()


if __name__ == "__main__":
    main()
