# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that ``identity.scim.init`` writes, for every credential and with or without a listing: valid, and with existing playbooks."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from typing import Any

import jinja2
import pytest
import yaml
from yamllint import linter
from yamllint.config import YamlLintConfig

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "roles" / "directory" / "templates" / "repository"
CREDENTIALS = {
    "token": ["token"],
    "client_secret": ["client_id", "client_secret"],
    "basic": ["url_username", "url_password"],
    "oidc": ["client_id"],
}
AUDIENCE = "https://id.example.com/oauth2/token"
PIPELINES = (".github/workflows/directory.yml", ".gitlab-ci.yml", "azure-pipelines.yml")


def rendered(credential: str, lists: bool, issuers: tuple[str, ...] = ("github", "gitlab")) -> dict[str, str]:
    """The YAML files of a repository by name."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        trim_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
        variable_start_string="[[",
        variable_end_string="]]",
        block_start_string="[%",
        block_end_string="%]",
    )
    values: dict[str, Any] = {
        "directory_tenants": {"staging": "SCIM_STAGING", "eu-west": "SCIM_EU_WEST"},
        "directory_credentials": CREDENTIALS[credential],
        "directory_oidc": credential == "oidc",
        "directory_audience": AUDIENCE if credential == "oidc" else "",
        "directory_issuers": issuers,
        "directory_protected": ["admin@*"],
        "directory_prunes": lists,
        "directory_lists": lists,
        "directory_settings": {"provider": "rfc", "provider_options": {"search": False}, "token_url": AUDIENCE},
        "directory_marker": "Made",
    }
    names = sorted(path.relative_to(TEMPLATES).with_suffix("").as_posix() for path in TEMPLATES.rglob("*.yml.j2"))
    return {name: environment.get_template(f"{name}.j2").render(values) for name in names}


@pytest.mark.parametrize(("credential", "lists"), list(product(CREDENTIALS, (True, False))))
def test_each_file_is_clean_yaml(credential: str, lists: bool) -> None:
    rules = YamlLintConfig((ROOT / ".yamllint").read_text("utf-8"))
    for name, text in rendered(credential, lists).items():
        assert [str(problem) for problem in linter.run(text, rules)] == [], name
        assert yaml.safe_load(text), name


@pytest.mark.parametrize(("credential", "lists"), list(product(CREDENTIALS, (True, False))))
def test_each_pipeline_calls_playbooks_as_they_are(credential: str, lists: bool) -> None:
    """And gives each of these the variables of all tenants that the inventory reads. Only jobs that reach a provider have a token."""
    files = rendered(credential, lists)
    read = set(re.findall(r"env', '(SCIM_\w+)'", files["inventory/tenants.yml"]))
    assert len(read) == 2 * (1 + len(CREDENTIALS[credential]))
    for name in PIPELINES:
        called = re.findall(r"ansible-playbook -i inventory identity\.scim\.(\w+)", files[name])
        assert sorted(called) == ["apply", *(["drift"] if lists else []), "plan", "validate"], name
        assert {f"{playbook}.yml" for playbook in called} <= {path.name for path in (ROOT / "playbooks").iterdir()}
    github, gitlab = (yaml.safe_load(files[name]) for name in PIPELINES[:2])
    reaching = {"plan", "apply"} | ({"drift"} if lists else set())
    assert {name: set(job["env"]) for name, job in github["jobs"].items() if "env" in job} == dict.fromkeys(reaching, read)
    with_token = {name for name, job in github["jobs"].items() if job.get("permissions", {}).get("id-token") == "write"}
    tokens = {name: job["id_tokens"] for name, job in gitlab.items() if isinstance(job, dict) and "id_tokens" in job}
    assert with_token == (reaching if credential == "oidc" else set())
    assert tokens == ({name: {"SCIM_ID_TOKEN": {"aud": AUDIENCE}} for name in reaching} if credential == "oidc" else {})
    assert all(job["permissions"]["contents"] == "read" for name, job in github["jobs"].items() if name in with_token)


@pytest.mark.parametrize(
    ("issuers", "expected"),
    [
        (("github",), {"scim_client_assertion_from": "github", "scim_client_assertion_audience": AUDIENCE}),
        (("gitlab",), {"scim_client_assertion_from": "gitlab"}),
    ],
)
def test_where_the_token_of_a_pipeline_comes_from(issuers: tuple[str, ...], expected: dict[str, str]) -> None:
    settings = yaml.safe_load(rendered("oidc", True, issuers)["inventory/group_vars/all/settings.yml"])
    assert {name: value for name, value in settings.items() if name.startswith("scim_client_")} == expected
    both = yaml.safe_load(rendered("oidc", True)["inventory/group_vars/all/settings.yml"])["scim_client_assertion_from"]
    for on_gitlab in ("", "true"):
        environment = jinja2.Environment()
        found = environment.from_string(both).render(lookup=lambda _plugin, _name, found=on_gitlab: found)
        assert found == ("gitlab" if on_gitlab else "github")
