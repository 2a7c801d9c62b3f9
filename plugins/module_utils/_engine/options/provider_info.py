# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of ``identity.scim.provider_info``."""

from __future__ import annotations

from .attributes import Options, option


def provider_info() -> Options:
    """Return the files to write."""
    return {
        "dest": option(
            "path",
            "Path of a profile to write, such as C(acme.yml): a file that ends with C(.yml), C(.yaml) or C(.json).",
            "It has what the provider's responses show (C(verified)), what it announces, what is given in O(provider_options) or stated in "
            "the sources of the selected profile (C(documented)), and what that profile assumes (C(assumed)). Use it with O(provider) and "
            "its path.",
            "The file is written only if its content differs, and not in check mode. Only its owner can read it.",
        ),
        "schema_dest": option(
            "path",
            "Path to a file to write the JSON Schema of declared files to, such as C(directory.schema.json). The schema includes the "
            "extensions in the provider's C(/ResourceTypes) and C(/Schemas). It is written only if it differs, and not in check mode.",
            "Editors use it to complete and check files whose first line is C(# yaml-language-server: $schema=directory.schema.json).",
        ),
    }
