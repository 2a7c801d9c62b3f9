# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""MLflow with mlflow-oidc-auth. Sign-in by OpenID Connect is configured and never used; the plugin's own store makes the token for SCIM."""

from __future__ import annotations

import subprocess
from pathlib import Path

from interop.packages import Python, own_environment
from interop.server import Access, Limit, Running, ScimStore, Server
from servers.direct import Direct

ENVIRONMENT = {
    "HOME": "{data}",
    "OIDC_USERS_DB_URI": "sqlite:///{data}/users.db", "SECRET_KEY": "{secret}",
    "OIDC_CLIENT_ID": "interop", "OIDC_CLIENT_SECRET": "{secret}",
    "OIDC_DISCOVERY_URL": "http://127.0.0.1:9/.well-known/openid-configuration", "OIDC_REDIRECT_URI": "{origin}/callback",
}  # fmt: skip
MAKE_TOKEN = "from mlflow_oidc_auth.store import store; print('token', store.create_scim_token('interop', None)[1])"


def enter(running: Running, base: str) -> Access:
    values = {"origin": running.origin, "data": str(running.data), "secret": running.secret}
    environment = own_environment({name: text.format(**values) for name, text in ENVIRONMENT.items()})
    python = running.installed / "venv" / "bin" / "python"
    done = subprocess.run([python, "-c", MAKE_TOKEN], cwd=running.data, env=environment, capture_output=True, text=True, check=True)
    token = done.stdout.rpartition("token ")[2].strip()
    direct = Direct(base, token)
    return Access({"token": token}, direct, ScimStore(direct))


SERVER = Server(
    name="mlflow-oidc-auth",
    title="MLflow (mlflow-oidc-auth)",
    packages=Python(Path(__file__).parent / "requirements.txt", "mlflow-oidc-auth", (12,)),
    command=(
        "{installed}/venv/bin/python", "-m", "mlflow", "server", "--app-name", "oidc-auth", "--workers", "1", "--host", "127.0.0.1",
        "--port", "{port}", "--backend-store-uri", "sqlite:///{data}/mlflow.db", "--artifacts-destination", "{data}/artifacts",
    ),
    environment={**ENVIRONMENT, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "PATH": "{installed}/venv/bin:{path}"},
    base="/scim/v2",
    ready="/health",
    enter=enter,
    stores=("display_name", "active"),
    limits={
        **dict.fromkeys(("rename_user", "inactive"), Limit("does not rename users", "userName is immutable")),
        "rename_group": Limit("does not rename groups", "displayName is immutable"),
    },
)  # fmt: skip
