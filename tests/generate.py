# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the files that are generated from the argument specs, the catalog of providers and the tables of tests: documentation fragments,
the role's variables, the JSON Schema and pages of docs/. Tests check that they are up to date.

.venv/bin/python tests/generate.py
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jinja2
import yaml

from ansible_collections.identity.scim.plugins.module_utils._engine.options import (
    audit_log,
    connection,
    directory,
    explain,
    export,
    provider_info,
    resources,
    validate,
)
from ansible_collections.identity.scim.plugins.module_utils._engine.options.attributes import Options, option
from ansible_collections.identity.scim.plugins.module_utils._engine.options.json_schema import declaration_schema
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.capabilities import FORMS, Capabilities
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.catalog import CATALOG
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.profile import PROFILE, Profile
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.profiles import widest
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.providers.records import Forms
from ansible_collections.identity.scim.plugins.module_utils._engine.wording import counted
from interop import page
from interop.results import Result, all_results
from report_schema import report_schema
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
<!-- Written by tests/generate.py from plugins/module_utils/_engine/scim/providers/catalog.py and tests/interop/results. Do not edit. -->
# Service providers

This page helps you to choose the profile of your provider and to correct it. It shows how the known providers differ from the RFCs.

- `provider: auto`, the default, uses the profile that matches the base URL. If none matches, it uses `rfc`, which has no deviations.
- `provider: NAME` uses the profile of that name.
- `provider: PATH` uses [your own profile](#write-your-own-profile) in a file.
- `provider_options` overrides single capabilities of the profile.

What the provider's responses show during a run overrides all of these. `identity.scim.provider_info` returns the capabilities that it
detects and the `provider_options` to set.

Each profile is marked with how it is known, and so is each of its capabilities:

- ✅ **verified here**: `make interop` ran the collection on the real server, and this page shows what it found.
- 📄 **documented**: it is in the sources of the profile. The provider was not run.
- ❓ **assumed**: no source says it. A wrong assumption costs a request or some time, never data.

{runs}
## Profiles
{overview}

{sections}
## Write your own profile
If your provider is not in this list, write a profile in a YAML or JSON file. It is one record with the fields of the profiles above, and
needs no release of the collection. `identity.scim.provider_info` with `dest: providers/acme.yml` writes one from what it detects.

```yaml
{example}```

```yaml
- identity.scim.directory:
    url: "{{{{ scim_url }}}}"
    token: "{{{{ scim_token }}}}"
    provider: providers/acme.yml
    provider_options:
      page_size: 20 # overrides the file
    users:
      - user_name: bjensen@example.com
        title: Engineer
```

- A value of `provider` with a `/`, or with the suffix `.yml`, `.yaml` or `.json`, is a path. Every other value is a name.
- A relative path begins at the folder of the playbook; in the role and the playbooks of this collection, where Ansible is called.
- Only `provider` selects a file. `provider: auto` does not use `hosts` of a file.
- Every mistake is reported with its file, line and path before the first request, and similar names are suggested.

All fields are optional. A profile without a `name` has the name of its file.

{fields}

## Keep the last administrator
Some providers require that a role always has a holder, such as the administrators'. A rule in `must_remain` keeps a plan from removing the
last one, by deactivation, deletion, a role that is no longer declared, or a group that a user leaves. It is a capability, so it can be in a
profile or in `provider_options`.

- `name`: what the users hold, for messages. `at_least`: how many users must hold it, 1 by default.
- `users`: a SCIM filter of the users who hold it. `groups`: a SCIM filter of the groups whose members hold it. One of them is needed.
- `changed_by_holders: true`: only a user who holds it may change another one. A plan that changes one has a warning.

`identity.scim.directory` refuses such a plan before the first write. `allow_removals` does not lift the refusal. Removals come first in a
run, so declare a new administrator in an earlier run. If the listing is incomplete, and for `identity.scim.user` and `identity.scim.group`,
which do not read the whole directory, there is a warning instead.

## What deactivation and deletion do
Usually `active: false` deactivates a user, and DELETE deletes the user or group. The following providers differ. Plans, reports and
messages take this into account.

| Provider | `active: false` | DELETE of a user | DELETE of a group |
| --- | --- | --- | --- |
{effects}

- `active: false` **deletes**: every change that would deactivate a user is refused, such as `prune_users: deactivate` or `expires`.
  Use `state: absent`.
- DELETE **deactivates**: an inactive user counts as absent, so a second run changes nothing.
- DELETE is **final**: a deleted user can be neither restored nor created again. Plans show this for each deletion, and a warning has the
  number of deletions.
- DELETE is **refused**: `state: absent` and pruning with `delete` are refused before the first write, unless there is nothing to delete.
"""
OWN_PROFILE = """\
# providers/acme.yml
title: Acme Directory
sources: [https://docs.acme.example/scim]
documented:
  page_size: 50
  user_deletion: deactivates
  must_remain:
    - name: Administrator
      users: roles.value eq "admin"
      groups: displayName eq "Administrators"
assumed:
  concurrency: 4
notes:
  - The product allows two administrators at most.
"""
EFFECTS = ("user_deactivation", "user_deletion", "group_deletion")


def documentation(options: Options) -> dict[str, Any]:
    """An argument spec in the form of Ansible's documentation."""
    return {name: _option(option) for name, option in options.items()}


def _option(option: dict[str, Any]) -> dict[str, Any]:
    kept = {key: option[key] for key in ("description", "type", "elements", "required", "choices", "default", "aliases") if key in option}
    if "options" in option:
        kept["suboptions"] = documentation(option["options"])
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
        "directory": _without_sources(directory.directory()),
        "directory_info": export.directory_info(),
        "validate": _without_sources(validate.validate()),
        "explain_info": _without_sources(explain.explain()),
        "audit_log_info": audit_log.audit_log(),
        "provider_info": provider_info.provider_info(),
    }
    return {ROOT / "plugins" / "doc_fragments" / f"{name}.py": _fragment(options) for name, options in made.items()}


def _without_sources(options: Options) -> Options:
    """The options without those that have a fragment of their own."""
    return {name: option for name, option in options.items() if name not in directory.SOURCES}


def _fragment(options: Options) -> str:
    text = yaml.safe_dump({"options": documentation(options)}, sort_keys=False, allow_unicode=True, width=110)
    return FRAGMENT.format(text=text)


# Entry points of the role: what each does, and the module whose options are its variables, besides those of the connection.
ROLE = ROOT / "roles" / "directory"
ENTRIES = {
    "main": ("Apply the declaration, same as the entry point apply", "directory"),
    "validate": ("Check the declaration without a provider", "validate"),
    "plan": ("Show what a run would change, without writing", "directory"),
    "apply": ("Apply the declaration", "directory"),
    "drift": ("Detect differences from the declaration", "directory"),
    "export": ("Write the provider's directory as a declaration", "directory_info"),
    "explain": ("Explain what a run would do to one user, and why", "explain_info"),
    "offboard": ("Remove all access of one user now", "offboard"),
    "rollback": ("Roll back a run, using its audit log", "directory"),
    "init": ("Make a repository that declares the provider's directory", "init"),
}
APPLYING = ("main", "apply", "rollback")
FROM_PLAYBOOK, FROM_CALLER = "begins at the folder of the playbook", "begins at the folder in which Ansible is called"
GENERATED = "---\n# Written by tests/generate.py from plugins/module_utils/_engine/options. Do not edit.\n"
OFFBOARD: Options = {
    "user": option("str", "User name of the user, in any case.", required=True),
    "delete": option(
        "bool", "Whether to delete the account instead of deactivating it, for a provider that cannot deactivate users.", default=False
    ),
    **resources.GUARD,
    "max_removals": {
        **directory.GUARD["max_removals"],
        "description": [
            "Maximum number of removals in one run. Here, only V(0) and V(0%) have an effect: they forbid to remove any access."
        ],
    },
    "expect_plan": option("str", "Must not be set: what is offboarded is the user that you name, not a reviewed plan."),
}
INIT: Options = {
    "repository": option(
        "path", "Path to the folder of the new repository.", "Files in it are never overwritten.", default="scim-directory"
    ),
    "tenants": option(
        "list",
        "Names of the tenants, which are the hosts of the inventory. The URL and the credential of each are variables of the pipeline, "
        "such as C(SCIM_PRODUCTION_URL) and C(SCIM_PRODUCTION_TOKEN).",
        elements="str",
        default=["production"],
    ),
    "pipelines": option(
        "list",
        "Pipelines to write: V(github), V(gitlab), V(azure), or V(none).",
        elements="str",
        default=["github", "gitlab", "azure"],
    ),
    "pipeline_credential": option(
        "str",
        "Credential of the pipelines: V(token), V(client_secret), V(basic), or V(oidc), the token of the pipeline itself, so that no "
        "secret is stored. V(oidc) is for C(github) and C(gitlab), and needs O(token_url) or O(client_assertion_audience).",
        "If empty, the credential with which the directory is exported.",
    ),
    "protected_users": directory.GUARD["protected_users"],
    "split_by": option(
        "str", "Attribute with one value, such as V(enterprise.department), by which to split the exported users into files."
    ),
}
FROZEN: Options = {
    "frozen": option(
        "raw",
        "Whether to refuse to apply changes. A text is shown as the reason.",
        "Plans, drift detection and offboarding are not affected.",
        default=False,
    )
}
COMMENT: Options = {
    "comment": option(
        "bool",
        "Whether to show the plans of all hosts in one comment on the pull or merge request of the pipeline. Later runs edit it.",
        "It needs a token in the environment: E(GITHUB_TOKEN) on GitHub, E(GITLAB_NOTE_TOKEN) on GitLab, or E(SYSTEM_ACCESSTOKEN) "
        "on Azure DevOps. Elsewhere it has no effect.",
        default=False,
    )
}
METRICS: Options = {
    "metrics": option(
        "path",
        "Path to a file for the textfile collector of node_exporter: the last attempt, the last success and the number of differences.",
        "One file has the metrics of all hosts. It has no personal data, and every user of the machine can read it.",
    )
}
ROLLBACK: Options = {
    "audit_log": {**directory.APPLY["audit_log"], "required": True, "description": ["Path to the audit log of the run to roll back."]},
    "rollback": option("list", "Plan digests of the runs to roll back. If empty, the last run in the log is rolled back.", elements="str"),
}


def modules() -> dict[str, Options]:
    """The options that are variables of the role, by module."""
    return {
        "connection": connection.CONNECTION,
        "directory": directory.directory(),
        "directory_info": export.directory_info(),
        "explain_info": explain.explain(),
        "validate": validate.validate(),
        "guard": resources.GUARD,
    }


def role() -> dict[Path, str]:
    """The text of the role's variables and argument specification. Each option is one variable in every entry point."""
    variables: dict[str, Any] = {
        f"directory_of_{name}": {o: f"{{{{ scim_{o} | default(omit) }}}}" for o in options} for name, options in modules().items()
    }
    shared: dict[str, dict[str, Any]] = {}  # one object per variable, so that YAML writes it once and refers to it
    specs = {name: _entry_point(name, text, module, shared) for name, (text, module) in ENTRIES.items()}
    known = {
        "directory_variables": sorted({name for spec in specs.values() for name in spec["options"]}),
        "directory_templates": templates(),
    }
    return {
        ROLE / "vars" / "main.yml": GENERATED + _yaml(variables | known),
        ROLE / "meta" / "argument_specs.yml": GENERATED + _yaml({"argument_specs": specs}),
    }


def _entry_point(name: str, text: str, module: str, shared: dict[str, dict[str, Any]]) -> dict[str, Any]:
    own = {**connection.CONNECTION, **{**modules(), "offboard": OFFBOARD, "init": INIT}[module]}
    own |= (FROZEN if name in APPLYING else {}) | (ROLLBACK if name == "rollback" else {})
    own |= {"plan": COMMENT, "drift": METRICS}.get(name, {})
    if name == "export":
        own["dest"] = {**own["dest"], "required": True}
    options = {f"scim_{o}": shared.setdefault(json.dumps([o, option]), _variable(option)) for o, option in own.items()}
    return {"short_description": text, "description": [f"{text}."], "options": options}


def _variable(option: dict[str, Any]) -> dict[str, Any]:
    """An option as a variable of the role. The suboptions of users and groups are documented by the modules."""
    kept = {key: option[key] for key in ("type", "elements", "choices", "required", "default") if key in option}
    return {"description": [_for_role(text) for text in option["description"]], **kept}


def _for_role(text: str) -> str:
    text = re.sub(r"\bO\((\w+)\)", r"O(scim_\1)", re.sub(r"\bRV\((\w+)\)", r"C(\1)", text))
    return text.replace(FROM_PLAYBOOK, FROM_CALLER)


def _yaml(data: Any) -> str:
    class Dumper(yaml.SafeDumper):
        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
            super().increase_indent(flow, False)

    return yaml.dump(data, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=130)


# The repository that the entry point init makes, with two tenants, is the example.
TEMPLATES = ROLE / "templates" / "repository"
EXAMPLE = ROOT / "examples" / "repository"
EXAMPLE_VALUES = {
    "directory_tenants": {"staging": "SCIM_STAGING", "production": "SCIM_PRODUCTION"},
    "directory_credentials": ["token"],
    "directory_oidc": False,
    "directory_audience": "",
    "directory_issuers": [],
    "directory_protected": ["admin@*"],
    "directory_prunes": True,
    "directory_lists": True,
    "directory_settings": {},
    "directory_marker": "Made by identity.scim.init",
}
DELIMITERS = {
    "variable_start_string": "[[",
    "variable_end_string": "]]",
    "block_start_string": "[%",
    "block_end_string": "%]",
}


def templates() -> list[str]:
    """The paths of the files that are made from templates."""
    return sorted(path.relative_to(TEMPLATES).with_suffix("").as_posix() for path in TEMPLATES.rglob("*.j2"))


def repository() -> dict[Path, str]:
    """The text of the files of the example that ``init`` makes too."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        trim_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
        **DELIMITERS,
    )
    texts = {EXAMPLE / name: environment.get_template(f"{name}.j2").render(EXAMPLE_VALUES) for name in templates()}
    for_editors = ROOT / "schemas" / "declaration.schema.json"
    return {**texts, EXAMPLE / for_editors.relative_to(ROOT): schemas()[for_editors]}


def schemas() -> dict[Path, str]:
    """The text of the JSON Schemas of declared files and of JSON reports."""
    published = {
        "declaration": declaration_schema({name: widest(name) for name in ("User", "Group")}),
        "report": report_schema(),
    }
    return {
        ROOT / "schemas" / f"{name}.schema.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        for name, schema in published.items()
    }


def pages() -> dict[Path, str]:
    """The text of the page of providers."""
    results = all_results()
    verified = {result.profile: result for result in results if result.profile != "rfc"}
    sections = "".join(_section(profile, verified.get(profile.name)) for profile in CATALOG)
    overview = page.overview([(profile.title, profile.name, _known(profile, verified.get(profile.name))) for profile in CATALOG])
    effects = [_effects(profile) for profile in CATALOG if set(EFFECTS) & set(profile.statements)]
    texts = {
        "runs": page.runs(results),
        "overview": overview,
        "sections": sections,
        "effects": "\n".join(effects),
        "example": OWN_PROFILE,
        "fields": _fields(),
    }
    return {ROOT / "docs" / "providers.md": PROVIDERS.format(**texts)}


def _fields() -> str:
    """The fields of a profile and of its capabilities, as the docstrings of their classes describe them."""
    own = [f"- {names}: {text}" for names, text in _described(Profile, PROFILE)]
    rows = [f"- {names} ({FORMS[names.split('`')[1]].expected}): {text}" for names, text in _described(Capabilities, FORMS)]
    return "\n".join([*own, "", "The capabilities in `verified`, `documented` and `assumed` are:", "", *rows])


def _described(record: type, forms: Forms) -> Iterator[tuple[str, str]]:
    """The names and the text of each paragraph about fields in a docstring; each field has one."""
    paragraphs = re.findall(r"^(\w+(?:, \w+)*): ((?:.+\n?)(?: +.+\n?)*)", inspect.getdoc(record) or "", re.MULTILINE)
    described = [name for names, _text in paragraphs for name in names.split(", ")]
    if sorted(described) != sorted(forms):
        raise LookupError(f"{record.__name__}: the docstring does not describe {set(forms) ^ set(described)}")
    for names, text in paragraphs:
        yield ", ".join(f"`{name}`" for name in names.split(", ")), " ".join(text.split()).replace("``", "`")


def _known(profile: Profile, result: Result | None) -> str:
    """How a profile is known, as the mark of its most certain statement."""
    if result:
        return f"{page.VERIFIED} {result.version}, {result.date}"
    return page.DOCUMENTED if profile.sources else page.ASSUMED


def _section(profile: Profile, result: Result | None) -> str:
    """One provider: its base URL, how it differs and how certain that is, and the sources."""
    stated = profile.statements
    rules, rule_sureness = stated.pop("must_remain", ((), ""))
    capabilities = [f"`{name}: {json.dumps(value)}` ({sureness})" for name, (value, sureness) in stated.items()]
    hosts = ", ".join(f"`{host}`" for host in profile.hosts)
    rows = [
        f"- Base URL: {hosts}, such as `{profile.example}`" if hosts else "- Base URL: not known, so choose the profile by name",
        *([f"- Capabilities: {', '.join(capabilities)}"] if capabilities else []),
        *(f"- Must remain ({rule_sureness}): {_rule(rule)}" for rule in rules),
        *(f"- {note}" for note in profile.notes),
        f"- Sources: {', '.join(f'<{source}>' for source in profile.sources)}",
    ]
    return "\n".join([f"### {profile.title}", f"`provider: {profile.name}` · {_known(profile, result)}", "", *rows, "", ""])


def _rule(rule: Mapping[str, Any]) -> str:
    """A rule of what must remain."""
    filters = [f"{text} `{rule[name]}`" for name, text in (("users", "users with"), ("groups", "members of groups with")) if name in rule]
    return f'at least {counted(rule.get("at_least", 1), "user")} with "{rule["name"]}", held by {" and by ".join(filters)}'


def _effects(profile: Profile) -> str:
    effects = [profile.statements.get(name, ("", ""))[0] for name in EFFECTS]
    return f"| {profile.title} | {' | '.join(effects)} |"


if __name__ == "__main__":
    pages_of_tables = {**pages(), DEVIATIONS: deviations.page(), FAULTS: fault_table.page()}
    for path, text in {**fragments(), **role(), **schemas(), **repository(), **pages_of_tables}.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(ROOT))
