# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the pictures of the README: the report of a real plan, made by ansible-playbook on a real server, as chromium shows it.

.venv/bin/python tests/pictures.py [CHROMIUM]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[0] = str(ROOT / "tests")

from servers import company  # noqa: E402
from servers.direct import Direct  # noqa: E402
from servers.playbooks import Run  # noqa: E402
from servers.rfc import RfcServer  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--hide-scrollbars")  # fmt: skip
SHOWN_URL = "https://scim.example.com/v2"  # instead of a port of this machine
DESK, PHONE = (1280, 820), (390, 820)
NARROWEST = 500  # chromium has no narrower window, so what is for a phone is shown larger in it
FRAME = """<!doctype html><body style="margin:0;overflow:hidden">
<iframe src="{page}" style="border:0;width:{width}px;height:{height}px;transform-origin:0 0;transform:scale({scale})"></iframe>"""


def report(folder: Path) -> Path:
    """A plan with people deleted, deactivated, changed and made."""
    page = folder / "plan.html"
    with RfcServer() as server:
        company.seed(Direct(server.url, server.token))
        options = {"url": server.url, "token": server.token, "src": company.declare(folder / "files"), "report": [str(page)]}
        guarded = {"prune_users": "deactivate", "prune_groups": "delete", "max_removals": "25%"}
        Run(folder).task("identity.scim.directory", {**options, **guarded}, check=True)
        page.write_text(page.read_text("utf-8").replace(server.url, SHOWN_URL), "utf-8")
    return page


def photograph(chromium: str, page: Path, picture: Path, width: int, height: int) -> None:
    """One picture of the top of a page."""
    if width < NARROWEST:
        frame = page.with_name("frame.html")
        scale = NARROWEST / width
        frame.write_text(FRAME.format(page=page.as_uri(), width=width, height=height, scale=scale), "utf-8")
        page, width, height = frame, NARROWEST, round(height * scale)
    with tempfile.TemporaryDirectory() as profile:
        size, place = f"--window-size={width},{height}", f"--screenshot={picture}"
        subprocess.run(
            [chromium, *QUIET, f"--user-data-dir={profile}", size, place, page.as_uri()], check=True, capture_output=True, timeout=120
        )


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        page = report(Path(folder))
        for name, (width, height) in (("plan.png", DESK), ("plan-phone.png", PHONE)):
            photograph((sys.argv[1:] or ["chromium"])[0], page, PICTURES / name, width, height)
            print(PICTURES / name)


if __name__ == "__main__":
    main()
