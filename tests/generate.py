# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what is made from the attribute table and the profiles: documentation fragments of options, the JSON Schema of files, and the page
of providers. Tests compare them.

.venv/bin/python tests/generate.py
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.identity.scim.plugins.module_utils._engine.options import (
    audit_log,
    connection,
    directory,
    explain,
    export,
    resources,
    validate,
)
from ansible_collections.identity.scim.plugins.module_utils._engine.options.attributes import Options
from ansible_collections.identity.scim.plugins.module_utils._engine.options.json_schema import declaration_schema
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.profile import Profile
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.profiles import PROFILES, widest
from servers import deviations, fault_table

ROOT = Path(__file__).resolve().parent.parent
DEVIATIONS = ROOT / "docs" / "deviations.md"
FAULTS = ROOT / "docs" / "faults.md"
FRAGMENT = '''\
# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Written by tests/generate.py from plugins/module_utils/_engine/options. Do not edit.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
{text}"""
'''

PROVIDERS = """\
<!-- Written by tests/generate.py from plugins/module_utils/_engine/scim/providers/*.py. Do not edit. -->
# Service providers

What is known of providers before they are asked anything. `provider: auto` takes the profile whose base URL matches, and where
none does, the RFCs as they are written. `provider: NAME` chooses one, and `provider_options` corrects single statements. Whatever a
provider's answers show during a run is stronger than all of it; `identity.scim.provider_info` tells what was seen, and what to
paste as `provider_options`.

A statement was *verified* on the real provider, is *documented* by the sources named, or is *assumed*: then it costs a request or some time
where it is wrong, never data. Nothing here was verified yet, except where it says so.

{deviating}
## What deactivating and deleting do
`active: false` deactivates and DELETE deletes, except here. Plans, reports and refusals say the same.

| Provider | `active: false` | DELETE of a user | DELETE of a group |
| --- | --- | --- | --- |
{effects}

- **Deletes** (`active: false`): whatever would deactivate somebody is refused, such as `prune_users: deactivate` or `expires`.
  Use `state: absent`.
- **Deactivates** (DELETE): who is inactive already is taken for absent, so a second run changes nothing.
- **Final**: whoever is deleted can never be made again nor restored. Plans say so with each deletion, and a warning counts them.
- **Refused**: `state: absent` and pruning by `delete` are refused before the first write, unless there is nobody to delete.
"""
EFFECTS = ("user_deactivation", "user_deletion", "group_deletion")


def documented(options: Options) -> dict[str, Any]:
    """An argument spec as Ansible's documentation has it."""
    return {name: _option(option) for name, option in options.items()}


def _option(option: dict[str, Any]) -> dict[str, Any]:
    kept = {key: option[key] for key in ("description", "type", "elements", "required", "choices", "default", "aliases") if key in option}
    if "options" in option:
        kept["suboptions"] = documented(option["options"])
    return kept


def fragments() -> dict[Path, str]:
    """The text of each generated file."""
    made = {
        "connection": connection.CONNECTION,
        "user": resources.user(),
        "user_info": resources.info("user_name", "userName"),
        "group": resources.group(),
        "group_info": resources.info("display_name", "displayName"),
        "sources": directory.SOURCES,
        "directory": _but_sources(directory.directory()),
        "directory_info": export.directory_info(),
        "validate": _but_sources(validate.validate()),
        "explain_info": _but_sources(explain.explain()),
        "audit_log_info": audit_log.audit_log(),
    }
    return {ROOT / "plugins" / "doc_fragments" / f"{name}.py": _fragment(options) for name, options in made.items()}


def _but_sources(options: Options) -> Options:
    """What is declared where is told once, in a fragment of its own."""
    return {name: option for name, option in options.items() if name not in directory.SOURCES}


def _fragment(options: Options) -> str:
    text = yaml.safe_dump({"options": documented(options)}, sort_keys=False, allow_unicode=True, width=110)
    return FRAGMENT.format(text=text)


# Entry points of the role: what each does, and the module whose options are variables of it besides those of the connection.
ROLE = ROOT / "roles" / "directory"
ENTRIES = {
    "main": ("Make the declaration true, as apply does", "directory"),
    "validate": ("Check the declaration, without a provider", "validate"),
    "plan": ("Tell what would be done, and write nothing", "directory"),
    "apply": ("Make the declaration true", "directory"),
    "drift": ("Find what is not as declared", "directory"),
    "export": ("Write the provider's directory as a declaration", "directory_info"),
    "explain": ("Tell of one person what would happen, and why", "explain_info"),
    "offboard": ("Take all access from one person, now", "offboard"),
    "rollback": ("Take back what a run did, by its audit log", "directory"),
}
APPLYING = ("main", "apply", "rollback")
OF_THE_PLAYBOOK, OF_THE_CALLER = "begins at the folder of the playbook", "begins at the folder in which Ansible is called"
GENERATED = "---\n# Written by tests/generate.py from plugins/module_utils/_engine/options. Do not edit.\n"
OFFBOARD: Options = {
    "user": {"type": "str", "required": True, "description": ["The user name of the person, in any case."]},
    "delete": {
        "type": "bool",
        "default": False,
        "description": ["Delete the account instead, where a provider cannot deactivate one."],
    },
    "protected_users": directory.GUARD["protected_users"],
}
FROZEN: Options = {
    "frozen": {
        "type": "raw",
        "default": False,
        "description": ["If true, or a text that is the reason, nothing is applied. Plans, drift and offboarding go on."],
    }
}
ROLLBACK: Options = {
    "audit_log": {**directory.APPLY["audit_log"], "required": True, "description": ["The audit log of the run that is taken back."]},
    "rollback": {
        "type": "list",
        "elements": "str",
        "description": ["The digest of the run, or several. Without it, the last run in the log is taken back."],
    },
}


def modules() -> dict[str, Options]:
    """The options that are variables of the role, by module."""
    return {
        "connection": connection.CONNECTION,
        "directory": directory.directory(),
        "directory_info": export.directory_info(),
        "explain_info": explain.explain(),
        "validate": validate.validate(),
    }


def role() -> dict[Path, str]:
    """The text of the role's variables and of its argument specification: an option is a variable, and never another one."""
    handed: dict[str, Any] = {
        f"directory_of_{name}": {o: f"{{{{ scim_{o} | default(omit) }}}}" for o in options} for name, options in modules().items()
    }
    told: dict[str, dict[str, Any]] = {}  # what several entry points take stands once in the file
    specs = {name: _entry_point(name, text, module, told) for name, (text, module) in ENTRIES.items()}
    known = {"directory_variables": sorted({name for spec in specs.values() for name in spec["options"]})}
    return {
        ROLE / "vars" / "main.yml": GENERATED + _yaml(handed | known),
        ROLE / "meta" / "argument_specs.yml": GENERATED + _yaml({"argument_specs": specs}),
    }


def _entry_point(name: str, text: str, module: str, told: dict[str, dict[str, Any]]) -> dict[str, Any]:
    own = {**connection.CONNECTION, **(OFFBOARD if module == "offboard" else modules()[module])}
    own |= (FROZEN if name in APPLYING else {}) | (ROLLBACK if name == "rollback" else {})
    if name == "export":
        own["dest"] = {**own["dest"], "required": True}
    options = {f"scim_{o}": told.setdefault(json.dumps([o, option]), _variable(option)) for o, option in own.items()}
    return {"short_description": text, "description": [f"{text}."], "options": options}


def _variable(option: dict[str, Any]) -> dict[str, Any]:
    """An option as a variable of the role; those of each user and group are told by the modules."""
    kept = {key: option[key] for key in ("type", "elements", "choices", "required", "default") if key in option}
    return {"description": [_said(text) for text in option["description"]], **kept}


def _said(text: str) -> str:
    text = re.sub(r"\bO\((\w+)\)", r"O(scim_\1)", re.sub(r"\bRV\((\w+)\)", r"C(\1)", text))
    return text.replace(OF_THE_PLAYBOOK, OF_THE_CALLER)


def _yaml(data: Any) -> str:
    class Dumper(yaml.SafeDumper):
        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
            super().increase_indent(flow, False)

    return yaml.dump(data, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=130)


def schemas() -> dict[Path, str]:
    """The text of the JSON Schema of declared files."""
    schema = declaration_schema({name: widest(name) for name in ("User", "Group")})
    return {ROOT / "schemas" / "declaration.schema.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n"}


def pages() -> dict[Path, str]:
    """The text of the pages that are made of data."""
    deviating = "".join(_section(profile) for profile in PROFILES.values() if profile.name != "rfc")
    effects = [_effects(profile) for profile in PROFILES.values() if set(EFFECTS) & set(profile.statements)]
    return {ROOT / "docs" / "providers.md": PROVIDERS.format(deviating=deviating, effects="\n".join(effects))}


def _section(profile: Profile) -> str:
    """One provider: where it is, what differs and how sure that is, and where that is said."""
    said = [f"`{name}: {json.dumps(value)}` ({sureness})" for name, (value, sureness) in profile.statements.items()]
    hosts = ", ".join(f"`{host}`" for host in profile.hosts) or "chosen by name only"
    rows = [f"- Found at: {hosts}", *([f"- Options: {', '.join(said)}"] if said else []), *(f"- {note}" for note in profile.notes)]
    sources = ", ".join(f"<{source}>" for source in profile.sources)
    return "\n".join([f"## {profile.title}", f"`provider: {profile.name}`", "", *rows, f"- Said by: {sources}", "", ""])


def _effects(profile: Profile) -> str:
    said = [profile.statements.get(name, ("", ""))[0] for name in EFFECTS]
    return f"| {profile.title} | {' | '.join(said)} |"


if __name__ == "__main__":
    for path, text in {**fragments(), **role(), **schemas(), **pages(), DEVIATIONS: deviations.page(), FAULTS: fault_table.page()}.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(ROOT))
