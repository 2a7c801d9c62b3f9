# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients without a secret: assertions from a text, a file and a pipeline, verified by the token endpoint; and credentials that expire."""

from __future__ import annotations

import re
import shlex
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from joserfc import jwk, jwt

from servers.directories import users_of
from servers.faults import Rule, When, reply, scim_error
from servers.issuer import CLIENT, GITHUB, SUBJECT, Issuer
from servers.playbooks import Played, Run
from servers.tables import PIPELINING, Row, Table, of

BARBARA = {
    "user_name": "bjensen",
    "name": {"formatted": "Barbara Jensen", "given_name": "Barbara", "family_name": "Jensen"},
    "active": True,
}


@pytest.fixture
def scim(rfc: Any, issuer: Issuer) -> Any:
    """scim2-server, which accepts the tokens of the issuer until they end."""
    rfc.proxy.rules.append(issuer.rule(rfc.token))
    return rfc


def without_secrets(played: Played | None, *known: str) -> None:
    output = f"{played.stdout}{played.stderr}{played.results}" if played else ""
    assert output
    found = [secret for secret in known if secret and (secret in output or secret.rpartition(".")[2] in output)]
    assert not found


def test_each_source_and_each_refusal(run: Run, scim: Any, issuer: Issuer, tmp_path: Path) -> None:
    """At -vvvv: the token endpoint repeats what it refuses. Secrets are in variables: Ansible prints lines of a playbook that fail."""
    given = {
        "good": issuer.id_token(),
        "forged": issuer.id_token(forged=True),
        "old": issuer.id_token(seconds=-3600),
        "stranger": issuer.id_token(sub="repo:stranger/fork:pull_request"),
        "client_secret": "s3cr3t-s3cr3t",
        "no_jwt": "not-a-jwt-at-all",
    }
    gitlab = issuer.id_token()
    (tmp_path / "jwt").write_text(f"{issuer.id_token()}\n")
    (tmp_path / "empty").touch()

    def row(name: str, action: str = "", error: str = "", **options: str) -> Row:
        return Row({"user_name": f"{name}@example.com", **options}, action, error=error)

    rows = {
        "text": row("text", "created", client_assertion="{{ good }}"),
        "file": row("file", "created", client_assertion_file=str(tmp_path / "jwt")),
        "github": row("github", "created", client_assertion_from="github"),
        "gitlab": row("gitlab", "created", client_assertion_from="gitlab"),
        "used before": row("x", error="/token issued no token.*401.*used before.*client_assertion", client_assertion="{{ good }}"),
        "forged": row("x", error=f"invalid_client.*bad_signature.*{SUBJECT}", client_assertion="{{ forged }}"),
        "expired": row("x", error="The JWT of client_assertion expired on .*client_assertion_file", client_assertion="{{ old }}"),
        "stranger": row("x", error=f'iss "{GITHUB}", sub "repo:stranger/fork:pull_request"', client_assertion="{{ stranger }}"),
        "audience": row("x", error='aud "api://other"', client_assertion_from="github", client_assertion_audience="api://other"),
        "no file": row("x", error='client_assertion_file: "/nowhere/jwt" cannot be read', client_assertion_file="/nowhere/jwt"),
        "empty file": row("x", error="client_assertion_file: .*not a JWT", client_assertion_file=str(tmp_path / "empty")),
        "two": row("x", error="one of client_secret and", client_assertion="{{ good }}", client_secret="{{ client_secret }}"),
        "no jwt": row("x", error="client_assertion must be the JWT alone", client_assertion="{{ no_jwt }}"),
        "bad source": row("x", error="github, gitlab", client_assertion_from="jenkins"),
    }
    table = Table(run, scim, token=None, client_id=CLIENT, token_url=issuer.token_url)
    table(rows, verbosity=4, diff=True, extra_vars=given, env={**issuer.environment, "SCIM_ID_TOKEN": gitlab, **PIPELINING})
    assert sorted(users_of(scim.direct)) == [f"{name}@example.com" for name in ("file", "github", "gitlab", "text")]
    without_secrets(table.played, *issuer.secrets, gitlab, *given.values())


def test_outside_of_github(run: Run, scim: Any, issuer: Issuer) -> None:
    rows = {
        "github": Row(
            {"user_name": "x", "client_assertion_from": "github"}, error="ACTIONS_ID_TOKEN_REQUEST_URL is not set.*id-token: write"
        ),
        "gitlab": Row({"user_name": "x", "client_assertion_from": "gitlab"}, error="SCIM_ID_TOKEN is not set.*id_tokens"),
    }
    Table(run, scim, token=None, client_id=CLIENT, token_url=issuer.token_url)(rows)
    assert not scim.proxy.requests
    environment = {"ACTIONS_ID_TOKEN_REQUEST_URL": "http://oidc.example/x", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": issuer.request_token}
    plain = {"plain": Row({"user_name": "x", "client_assertion_from": "github", "allow_plaintext": True}, error="oidc.example.*Use https")}
    Table(run, scim, token=None, client_id=CLIENT, token_url=issuer.token_url)(plain, env=environment)


@pytest.mark.parametrize("direct", [False, True])
def test_github_from_the_environment_in_a_run_that_outlives_three_tokens(run: Run, scim: Any, issuer: Issuer, direct: bool) -> None:
    issuer.lifetime = 1.5
    users = [{"user_name": f"user{number}@example.com", "display_name": f"User {number}"} for number in range(30)]
    played = run.task(
        "identity.scim.directory",
        {"users": users, "rate_limit": 300, "bulk": "never", "concurrency": 2},
        play={"vars": {"scim_direct": direct}},
        env={
            **issuer.environment,
            "SCIM_URL": scim.url,
            "SCIM_CLIENT_ID": CLIENT,
            "SCIM_CLIENT_ASSERTION_FROM": "github",
            "SCIM_TOKEN_URL": issuer.token_url,
        },
        verbosity=4,
    )
    assert played.result()["summary"]["users"]["created"] == 30, played
    assert len(issuer.issued) == len(issuer.assertions) == issuer.id_tokens > 3
    assert len({*issuer.assertions}) == len(issuer.assertions), "Each token has its own assertion"
    assert {exchange.status for exchange in scim.proxy.requests} <= {200, 201}, "No token was used after its end"
    assert len(users_of(scim.direct)) == 30
    without_secrets(played, *issuer.secrets)


def test_items_of_a_loop_share_a_token(run: Run, scim: Any, issuer: Issuer) -> None:
    """In Ansible's own process: one ID token for all of them, and another one once the token has ended."""
    options = {"url": scim.url, "client_id": CLIENT, "token_url": issuer.token_url, "client_assertion_from": "github"}
    create = {"name": "create", "identity.scim.user": {**options, "user_name": "{{ item }}@example.com"}, "loop": ["one", "two", "three"]}
    play = run.play(create, vars={"scim_direct": True})
    run(play, env=issuer.environment)
    assert (issuer.id_tokens, len(issuer.issued)) == (1, 1)
    issuer.lifetime = 0.0  # each is refused at once, and renewed
    refused = run(play, env=issuer.environment, verbosity=4, expect_rc=2)
    assert "Check client_id: it must be valid" in str(refused)
    assert len({*issuer.assertions}) == issuer.id_tokens == len(issuer.issued) > 3
    without_secrets(refused, *issuer.secrets)


def test_a_file_that_is_renewed_during_a_run(run: Run, scim: Any, issuer: Issuer, tmp_path: Path) -> None:
    """As Kubernetes does it: the file is replaced before its JWT ends. Reports and logs have none of them."""
    issuer.lifetime, path, ended = 1.5, tmp_path / "jwt", threading.Event()

    def renew() -> None:
        while not ended.wait(0.3):
            (tmp_path / "new").write_text(issuer.id_token())
            (tmp_path / "new").replace(path)

    path.write_text(issuer.id_token())
    renewal = threading.Thread(target=renew)
    renewal.start()
    try:
        played = run(
            "identity.scim.apply",
            extra_vars={
                "scim_url": scim.url,
                "scim_client_id": CLIENT,
                "scim_client_assertion_file": "jwt",
                "scim_token_url": issuer.token_url,
                "scim_users": [{"user_name": f"user{number}@example.com"} for number in range(30)],
                "scim_rate_limit": 300,
                "scim_bulk": "never",
                "scim_report": ["report.md", "report.json", "report.html"],
                "scim_audit_log": "audit.jsonl",
            },
            verbosity=4,
        )
    finally:
        ended.set()
        renewal.join()
    assert len(issuer.issued) > 3
    assert len(users_of(scim.direct)) == 30
    without_secrets(played, *issuer.secrets)
    for written in ("report.md", "report.json", "report.html", "audit.jsonl"):
        text = (tmp_path / written).read_text()
        assert not [secret for secret in issuer.secrets if secret in text]


GITOPS = (Path(__file__).resolve().parents[2] / "docs" / "gitops.md").read_text("utf-8")


@pytest.mark.parametrize("service", ["github", "gitlab"])
def test_the_pipelines_of_the_documentation(run: Run, scim: Any, issuer: Issuer, tmp_path: Path, service: str) -> None:
    """As written, with the addresses of the test servers."""
    audience = {"https://id.example.com": issuer.token_url}
    addresses = {"https://scim.example.com/v2": scim.url, "https://id.example.com/oauth2/token": issuer.token_url, **audience}
    written = [yaml.safe_load(block) for block in re.findall(r"^```yml\n(.*?)^```", GITOPS, re.DOTALL | re.MULTILINE)]
    jobs = [block.get("jobs", block) for block in written if ("jobs" in block) == (service == "github")]
    [job] = [each["plan"] for each in jobs if "plan" in each]
    if service == "github":
        assert job["permissions"]["id-token"] == "write"
        environment, command, own = job["env"], job["steps"][-1]["run"], issuer.environment
    else:
        environment, [command] = job["variables"], job["script"]
        own = {name: issuer.id_token(aud=addresses[token["aud"]]) for name, token in job["id_tokens"].items()}
    environment = {name: addresses.get(value, value) for name, value in environment.items()} | {"SCIM_CLIENT_ID": CLIENT}
    (tmp_path / "users").mkdir()
    (tmp_path / "users" / "data.yml").write_text("users: [{user_name: bjensen@example.com}]\n")
    program, playbook, *arguments = shlex.split(command)
    assert program == "ansible-playbook"
    played = run(playbook, arguments=tuple(arguments), env={**environment, **own})
    assert "bjensen@example.com" in played.stdout
    assert (len(issuer.issued), len(scim.proxy.writes)) == (1, 0)
    without_secrets(played, *issuer.secrets)


def test_canaille_verifies_an_assertion(run: Run, canaille: Any) -> None:
    """A real authorization server: the client signs its assertion itself (private_key_jwt)."""
    key = jwk.RSAKey.generate_key(2048, {"kid": "1"})
    client = canaille.server.register_key(key.as_dict(private=False))
    now = int(time.time())
    claims = {"iss": client, "sub": client, "aud": f"{canaille.server.origin}/oauth/token", "iat": now, "exp": now + 300}
    one, other = (jwt.encode({"alg": "RS256"}, {**claims, "jti": name}, key, algorithms=["RS256"]) for name in ("one", "other"))
    forged = jwt.encode({"alg": "RS256"}, {**claims, "jti": "x"}, jwk.RSAKey.generate_key(2048), algorithms=["RS256"])
    table = Table(run, canaille, client_id=client, client_secret=None)
    rows = {
        "created": Row({"client_assertion": "{{ one }}", **BARBARA}, "created"),
        "unchanged": Row({"client_assertion": "{{ other }}", **BARBARA}, "unchanged"),
        "again": Row({"client_assertion": "{{ one }}", **BARBARA}, error="invalid_client.*used before.*client_assertion"),
        "forged": Row({"client_assertion": "{{ forged }}", **BARBARA}, error="/oauth/token issued no token.*invalid_client"),
    }
    table(rows, verbosity=4, extra_vars={"one": one, "other": other, "forged": forged})
    without_secrets(table.played, one, other, forged)


# -- credentials that expire ---------------------------------------------------------------------------------------------------------------


def test_a_token_that_expires_is_warned_of_and_called_expired(run: Run, rfc: Any, issuer: Issuer) -> None:
    today = datetime.now(UTC).date()
    soon, yesterday, later = (today + timedelta(days=days) for days in (9, -1, 90))
    challenge = {"WWW-Authenticate": 'Bearer realm="scim", error="invalid_token", error_description="The access token expired"'}
    refused = ("refused", "refused as expired", "refused later", "refused JWT")
    rfc.proxy.rules += [
        Rule(f"{name} is refused", When(where=of(name)), reply(401, scim_error(401, "No."), challenge if "as" in name else {}))
        for name in refused
    ]
    old = issuer.id_token(seconds=-60)
    rows = {
        "soon": Row({"user_name": "soon@example.com", "token_expires": str(soon)}, "created"),
        "later": Row({"user_name": "later@example.com", "token_expires": str(later)}, "created"),
        "refused": Row(
            {"user_name": "x", "token_expires": str(yesterday)}, error=rf"401: No\. token expired on {yesterday} \(token_expires\)"
        ),
        "refused as expired": Row({"user_name": "x"}, error=r"401: No\. The provider reports that token has expired\. Create a new one"),
        "refused later": Row({"user_name": "x", "token_expires": str(later)}, error=r"401: No\. Check token: it must be valid"),
        "refused JWT": Row({"user_name": "x", "token": "{{ old }}"}, error=r"token expired on .* UTC \(its claim exp\)"),
        "no date": Row({"user_name": "x", "token_expires": "soon"}, error="token_expires must be a date such as 2027-01-31, got"),
    }
    table = Table(run, rfc)
    seen = table(rows, verbosity=4, extra_vars={"old": old})
    assert f"token expires in 9 days, on {soon} (token_expires)" in seen["soon"].warnings
    assert seen["later"].warnings == ""
    without_secrets(table.played, rfc.token, old)


def test_a_date_of_yaml_in_a_variable_of_the_role(run: Run, rfc: Any, tmp_path: Path) -> None:
    """Unquoted, it is a date and no text."""
    soon = (datetime.now(UTC) + timedelta(days=1)).date()
    (tmp_path / "group_vars").mkdir()
    (tmp_path / "group_vars" / "all.yml").write_text(f"scim_token_expires: {soon}\nscim_token: {rfc.token}\nscim_url: {rfc.url}\n")
    (tmp_path / "inventory.yml").write_text("all: {hosts: {acme: {}}}\n")
    played = run("identity.scim.plan", extra_vars={"scim_users": [{"user_name": "x@example.com"}]}, arguments=("-i", "inventory.yml"))
    assert f"token expires in 1 day, on {soon} (token_expires)." in " ".join(f"{played.stdout}{played.stderr}".split())
