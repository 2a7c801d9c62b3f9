# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Open WebUI. Its groups need an owner, so the first account is made, which is an administrator."""

from __future__ import annotations

from pathlib import Path

import requests

from interop.packages import Python
from interop.server import Access, Limit, Running, Server, bearer


def enter(running: Running, base: str) -> Access:
    account = {"name": "Administrator", "email": "administrator@interop.example", "password": running.secret}
    requests.post(f"{running.origin}/api/v1/auths/signup", json=account, timeout=60, proxies={"http": ""}).raise_for_status()
    return bearer(running, base)


SERVER = Server(
    name="open-webui",
    title="Open WebUI",
    packages=Python(Path(__file__).parent / "requirements.txt", "open-webui", (11, 12)),
    command=("{installed}/venv/bin/python", "-m", "uvicorn", "open_webui.main:app", "--host", "127.0.0.1", "--port", "{port}"),
    environment={
        "FROM_INIT_PY": "true", "ENABLE_SCIM": "true", "SCIM_TOKEN": "{secret}", "SCIM_AUTH_PROVIDER": "oidc", "DATA_DIR": "{data}",
        "WEBUI_SECRET_KEY": "{secret}", "OFFLINE_MODE": "true", "HF_HUB_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "false",
    },
    base="/api/v1/scim/v2",
    ready="/health",
    enter=enter,
    limits={
        "other_case": Limit(
            "the e-mail address is the user name, so that another address is another name", 'stored user_name as "case-other@example.com"'
        )
    },
)  # fmt: skip
