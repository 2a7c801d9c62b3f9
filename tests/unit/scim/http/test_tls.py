# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS: which certificate is trusted, which one is shown, and words for each that is not."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ansible_collections.identity.scim.plugins.module_utils._engine.scim import errors
from ansible_collections.identity.scim.plugins.module_utils._engine.scim.http.connection import Connection
from ansible_collections.identity.scim.tests.unit.scim.client.scripted import USER, Clock, Say, serving, to
from servers.tls import self_signed


def certificate(folder: Path, host: str = "127.0.0.1", days: int = 5) -> tuple[ssl.SSLContext, str]:
    """A server's context and the path of its own, self-signed certificate, which ends in ``days``."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    end = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=days)
    alternative: list[x509.GeneralName] = [x509.DNSName(host)]
    if host[0].isdigit():
        alternative = [x509.IPAddress(ipaddress.ip_address(host))]
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, end - datetime.timedelta(days=30), end)
        .add_extension(x509.SubjectAlternativeName(alternative), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "server.pem"
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context, str(path)


def test_a_trusted_certificate_is_accepted_and_the_check_can_be_disabled(tmp_path: Path) -> None:
    context, path = certificate(tmp_path)
    with serving(Say(200, USER), tls=context) as provider:
        assert to(provider, ca_path=path).send("GET", "/Me").body == USER
        assert to(provider, validate_certs=False).send("GET", "/Me").body == USER


@pytest.mark.parametrize(
    ("host", "days", "known", "words"),
    [
        ("127.0.0.1", 5, False, "not from an authority that this machine trusts.*ca_path.*validate_certs"),
        ("scim.example.com", 5, True, "another host.*Check the host in url"),
        ("127.0.0.1", -5, True, "not valid today.*expired.*clock"),
    ],
)
def test_an_untrusted_certificate_ends_the_run_at_once(tmp_path: Path, host: str, days: int, known: bool, words: str) -> None:
    context, path = certificate(tmp_path, host, days)
    clock = Clock()
    with serving(tls=context) as provider:
        transport = to(provider, clock, ca_path=path if known else None)
        with pytest.raises(errors.Unreachable, match=words):
            transport.send("POST", "/Users", body={}, repeatable=False)
    assert (provider.asked, clock.naps, transport.requests) == ([], [], 0)


# TLS 1.3 refuses after the handshake (RFC 8446 §4.4.2.4): the request may meet a closed connection before the reason is read.
@pytest.mark.parametrize(
    ("version", "words"),
    [(ssl.TLSVersion.TLSv1_2, "client_cert and client_key"), (ssl.TLSVersion.TLSv1_3, "client_cert and client_key|connection to .* broke")],
)
def test_a_client_certificate_is_sent_where_it_is_required(tmp_path: Path, version: ssl.TLSVersion, words: str) -> None:
    context, ca = certificate(tmp_path)
    mine = self_signed(tmp_path)
    context.minimum_version = context.maximum_version = version
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(mine.certificate)
    both = tmp_path / "both.pem"
    both.write_bytes(mine.key.read_bytes() + mine.certificate.read_bytes())
    with serving(Say(200, USER), tls=context) as provider:
        shown = to(provider, ca_path=ca, client_cert=str(mine.certificate), client_key=str(mine.key))
        assert shown.send("GET", "/Me").body == USER
        assert to(provider, ca_path=ca, client_cert=str(both)).send("GET", "/Me").body == USER
        provider.asked.clear()
        for unknown in (None, ca):  # no certificate, and one that the server does not know
            with pytest.raises(errors.Unreachable, match=words):
                to(provider, ca_path=ca, client_cert=unknown).send("GET", "/Me")
    assert provider.asked == []


def test_the_environment_does_not_make_a_certificate_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, path = certificate(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", path)
    monkeypatch.setenv("CURL_CA_BUNDLE", path)
    with serving(tls=context) as provider, pytest.raises(errors.Unreachable, match="ca_path"):
        to(provider).send("GET", "/Users")


def test_plain_http_on_an_https_port() -> None:
    with serving() as provider, pytest.raises(errors.Unreachable, match="does not use TLS"):
        to(provider.url.replace("http:", "https:")).send("GET", "/Users")


def test_a_missing_file_is_named() -> None:
    with pytest.raises(errors.Invalid, match=r'ca_path: "/nowhere\.pem" does not exist'):
        to("https://scim.example.com", ca_path="/nowhere.pem")


def test_a_file_that_is_not_a_certificate(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    with serving() as provider, pytest.raises(errors.Unreachable, match="ca_path"):
        to(provider.url.replace("http:", "https:"), ca_path=str(tmp_path / "ca.pem")).send("GET", "/Users")


def test_the_credential_of_a_connection_is_checked_at_once() -> None:
    with pytest.raises(errors.Invalid, match="found none"):
        Connection("https://scim.example.com")
