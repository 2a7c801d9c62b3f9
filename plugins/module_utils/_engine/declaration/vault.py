# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files encrypted with Ansible Vault: the action plugin decrypts them on the controller and passes the paths of the texts to the module."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from ..files import open_regular

VAULTED = "$ANSIBLE_VAULT;"
INDEX = "IDENTITY_SCIM_DECRYPTED"  # an environment variable, since users could set every option of a module


def is_vaulted(path: str) -> bool:
    """Whether a file is encrypted with Ansible Vault.

    :raises OSError: if it cannot be read.
    """
    with open_regular(path) as file:
        return file.read(len(VAULTED)) == VAULTED.encode()


def decrypted_files() -> Mapping[str, str]:
    """By the real path of each vaulted file, the path of its decrypted text; empty if the action plugin decrypted none."""
    index = os.environ.get(INDEX)
    return dict(json.loads(Path(index).read_text(encoding="utf-8"))) if index else {}
