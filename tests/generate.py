# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what is made from the attribute table: documentation fragments of options, and the JSON Schema of files. Tests compare them.

.venv/bin/python tests/generate.py
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.identity.scim.plugins.module_utils.options import connection, directory, export, resources, validate
from ansible_collections.identity.scim.plugins.module_utils.options.attributes import Options
from ansible_collections.identity.scim.plugins.module_utils.options.json_schema import declaration_schema
from ansible_collections.identity.scim.plugins.module_utils.scim.profiles import widest

ROOT = Path(__file__).resolve().parent.parent
FRAGMENT = '''\
# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Written by tests/generate.py from plugins/module_utils/options. Do not edit.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
{text}"""
'''


def documented(options: Options) -> dict[str, Any]:
    """An argument spec as Ansible's documentation has it."""
    return {name: _option(option) for name, option in options.items()}


def _option(option: dict[str, Any]) -> dict[str, Any]:
    kept = {key: option[key] for key in ("description", "type", "elements", "choices", "default", "aliases") if key in option}
    if "options" in option:
        kept["suboptions"] = documented(option["options"])
    return kept


def fragments() -> dict[Path, str]:
    """The text of each generated file."""
    made = {
        "connection": connection.CONNECTION,
        "user": resources.user(),
        "user_info": resources.info("user_name"),
        "group": resources.group(),
        "group_info": resources.info("display_name"),
        "directory": directory.directory(),
        "directory_info": export.directory_info(),
        "validate": validate.validate(),
    }
    return {ROOT / "plugins" / "doc_fragments" / f"{name}.py": _fragment(options) for name, options in made.items()}


def _fragment(options: Options) -> str:
    text = yaml.safe_dump({"options": documented(options)}, sort_keys=False, allow_unicode=True, width=110)
    return FRAGMENT.format(text=text)


def schemas() -> dict[Path, str]:
    """The text of the JSON Schema of declared files."""
    schema = declaration_schema({name: widest(name) for name in ("User", "Group")})
    return {ROOT / "schemas" / "declaration.schema.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n"}


if __name__ == "__main__":
    for path, text in {**fragments(), **schemas()}.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(ROOT))
