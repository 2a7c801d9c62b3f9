# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The servers, by name, in the order in which they are run."""

from __future__ import annotations

from interop.server import Server

from .agent_bom.server import SERVER as AGENT_BOM
from .better_auth.server import SERVER as BETTER_AUTH
from .keycloak.server import SERVER as KEYCLOAK
from .mlflow_oidc_auth.server import SERVER as MLFLOW_OIDC_AUTH
from .open_webui.server import SERVER as OPEN_WEBUI
from .polis.server import SERVER as POLIS
from .scim_sdk.server import SERVER as SCIM_SDK
from .scimmy.server import SERVER as SCIMMY

SERVERS: dict[str, Server] = {
    server.name: server for server in (KEYCLOAK, BETTER_AUTH, SCIMMY, SCIM_SDK, POLIS, OPEN_WEBUI, MLFLOW_OIDC_AUTH, AGENT_BOM)
}
