"""A file goes in by the browser: upload, the columns with their live preview, progress, the result."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from inspect_app.extensions import db
from inspect_app.models import StolenItem
from tests.browser.conftest import ROOT, Live
from tests.factories.sheets import csv_file, row

PORTRAIT = {"width": 810, "height": 1080}


@pytest.fixture
def worker(live: Live) -> Iterator[None]:
    """The worker process beside the server."""
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "worker"],
        cwd=ROOT,
        env={**os.environ, "INSPECT_DATA_DIR": str(live.data_dir), "INSPECT_DATABASE_URL": ""},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def _check(page: Page, width: int) -> None:
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} scrolls sideways"
    violations = Axe().run(page).response["violations"]
    assert not violations, [(found["id"], [node["target"] for node in found["nodes"]]) for found in violations]


def test_a_file_goes_in(live: Live, worker: None, open_page: Callable[..., Page], tmp_path: Path) -> None:
    rows = [row(number) for number in range(1200)]
    rows[700][0] = ""
    file = tmp_path / "被盗物品.csv"
    file.write_bytes(csv_file(rows, encoding="gb18030"))
    page = open_page(live.user(role="desk"), viewport=PORTRAIT)
    page.goto("/imports")
    page.get_by_role("link", name="导入文件").first.click()
    _check(page, PORTRAIT["width"])
    page.get_by_label("选择文件，或拖放到此处").set_input_files(file)
    page.get_by_role("button", name="下一步：对应列").click()
    page.wait_for_url("**/mapping", wait_until="load")
    preview = page.locator("#preview")
    expect(preview).to_contain_text("前200行均可导入")
    expect(preview).to_contain_text("Mate 19")
    page.get_by_label("型号", exact=True).select_option("")
    expect(preview).not_to_contain_text("Mate 19")
    page.get_by_label("型号", exact=True).select_option("model")
    expect(preview).to_contain_text("Mate 19")
    _check(page, PORTRAIT["width"])
    page.get_by_role("button", name="开始导入").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_role("heading", name="导入完成")).to_be_visible(timeout=60_000)
    expect(page.locator(".counts")).to_contain_text("1,199")
    expect(page.locator(".reasons")).to_contain_text("缺少必填内容")
    _check(page, PORTRAIT["width"])
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="下载未导入行（CSV）").click()
    text = Path(downloaded.value.path()).read_text("utf-8-sig")
    assert text.splitlines()[1].endswith("702,缺少必填内容,ref")
    db.session.rollback()
    assert db.session.query(StolenItem).count() == 1199
