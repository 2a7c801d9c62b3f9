# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A release of a copy of this repository: its tag and changelog, and files that are the same when they are built again."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from ansible_collections.identity.scim.tests import release

ROOT = Path(__file__).resolve().parents[2]
VERSION = "7.8.9"
TARBALL = f"identity-scim-{VERSION}.tar.gz"
AUTHOR = {f"GIT_{who}_{what}": f"{who}@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str | None]:
    """A key to sign with, None where there is no gpg."""
    home = tmp_path_factory.mktemp("gnupg")
    home.chmod(0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GNUPGHOME", str(home))
        for name, value in AUTHOR.items():
            patch.setenv(name, value)
        if not shutil.which("gpg"):
            yield None
            return
        making = ["gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key", "release@example.com"]
        subprocess.run(making, check=True, capture_output=True)
        yield "release@example.com"
        subprocess.run(["gpgconf", "--kill", "all"], check=False)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory, key: str | None) -> Path:
    """A repository with the files of the work tree and a released version."""
    folder = tmp_path_factory.mktemp("releases") / "ansible_collections" / "identity" / "scim"  # antsibull-changelog wants these folders
    for name in filter(None, release.git("ls-files", "-z", "-co", "--exclude-standard").split("\0")):
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name, follow_symlinks=False)
    for command in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "Begin"]):
        release.git(*command, root=folder)
    assert release.release(VERSION, "true", key, folder) == f"v{VERSION}"
    return folder


def test_a_release_is_a_commit_with_a_tag_and_a_changelog(repository: Path, key: str | None) -> None:
    assert release.git("log", "-1", "--format=%s %D", root=repository).startswith(f"Release {VERSION} ")
    assert release.git("status", "--porcelain", root=repository) == ""
    assert release.git("cat-file", "-t", f"v{VERSION}", root=repository) == "tag"
    if key:
        release.git("verify-tag", f"v{VERSION}", root=repository)
    changelog = (repository / "CHANGELOG.md").read_text("utf-8")
    assert f"## v{VERSION.replace('.', chr(92) + '.')}" in changelog
    assert re.search(r"<code>scope\\?_users</code>", changelog)
    assert not re.search(r"\b(?:[A-Z]|RV)\\\(", changelog), "markup of ansible-doc"
    assert not list((repository / "changelogs" / "fragments").glob("*.yml"))
    assert yaml.safe_load((repository / "galaxy.yml").read_text("utf-8"))["version"] == VERSION
    agents = release.git("grep", "-hoE", "identity[.]scim/[0-9][0-9a-z.-]+", "--", "plugins", "roles", root=repository)
    assert set(agents.splitlines()) == {f"identity.scim/{VERSION}"}, "the User-Agent of the requests"


def test_a_version_is_replaced_only_where_it_stands_alone(tmp_path: Path) -> None:
    file = tmp_path / "galaxy.yml"
    others = "old_version: 1.2.0\nversion: 1.2.01\nversion: 1.2.0-rc.1\nversion: 1.2.0.5\n"
    file.write_text(f"{others}version: 1.2.0\n# see version: 1.2.0.\n")
    release._replace(file, "version: 1.2.0", "version: 1.3.0")
    assert file.read_text() == f"{others}version: 1.3.0\n# see version: 1.3.0.\n"


@pytest.mark.parametrize(
    ("version", "changed", "checks", "message"),
    [
        ("1.0", False, "true", "got '1.0'"),
        (VERSION, False, "true", "exists already"),
        ("9.0.0", True, "true", "commit or remove these changes first"),
        ("9.0.0", False, "false", "returned non-zero exit status 1"),
    ],
)
def test_what_cannot_be_released(repository: Path, version: str, changed: bool, checks: str, message: str) -> None:
    before, extra = release.git("rev-parse", "HEAD", root=repository), repository / "note.txt"
    if changed:
        extra.touch()
    try:
        with pytest.raises((ValueError, subprocess.CalledProcessError), match=message):
            release.release(version, checks, None, repository)
    finally:
        extra.unlink(missing_ok=True)
    assert release.git("rev-parse", "HEAD", root=repository) == before
    assert release.git("tag", "--list", root=repository) == f"v{VERSION}"


def test_a_changelog_that_cannot_be_written_changes_nothing(repository: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    release.git("clone", "--quiet", str(repository), str(clone))
    (clone / "changelogs" / "fragments" / "wrong.yml").write_text("no_such_section: [text]\n")
    release.git("add", "--all", root=clone)
    release.git("commit", "--quiet", "--message", "Add a wrong fragment", root=clone)
    before = release.git("rev-parse", "HEAD", root=clone)
    with pytest.raises(subprocess.CalledProcessError, match="antsibull_changelog"):
        release.release("9.0.0", "true", None, clone)
    assert release.git("rev-parse", "HEAD", root=clone) == before
    assert release.git("status", "--porcelain", root=clone) == ""
    assert len(release.git("worktree", "list", root=clone).splitlines()) == 1
    assert release.git("tag", "--list", "v9.0.0", root=clone) == ""


def test_files_are_the_same_when_they_are_built_again(repository: Path, key: str | None, tmp_path: Path) -> None:
    first, bill, *signatures = release.publishable(f"v{VERSION}", tmp_path / "first", key, repository)
    clone = tmp_path / "clone"
    release.git("clone", "--quiet", str(repository), str(clone))
    (clone / "not-committed.txt").touch()
    umask = os.umask(0o077)
    try:
        second, same = release.publishable(f"v{VERSION}", tmp_path / "second", None, clone)
    finally:
        os.umask(umask)
    assert (first.name, first.read_bytes()) == (TARBALL, second.read_bytes())
    assert bill.read_bytes() == same.read_bytes()
    assert [path.name for path in signatures] == ([f"{TARBALL}.asc", f"{bill.name}.asc", "MANIFEST.json.asc"] if key else [])
    for path in signatures:
        subprocess.run(["gpg", "--batch", "--verify", str(path), str(path.with_suffix(""))], check=True, capture_output=True)


def test_the_documented_commands_verify_a_release(repository: Path, key: str | None, tmp_path: Path) -> None:
    if key is None:
        pytest.skip("gpg is not installed")
    tarball, *_others, signature = release.publishable(f"v{VERSION}", tmp_path / "files", key, repository)
    keyring = tmp_path / "home" / ".ansible" / "identity-scim.kbx"
    keyring.parent.mkdir(parents=True)
    public = subprocess.check_output(["gpg", "--export", key])
    subprocess.run(["gpg", "--batch", "--no-default-keyring", "--keyring", str(keyring), "--import"], input=public, check=True)
    binaries = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    collections = tmp_path / "collections"
    env = {**os.environ, "HOME": str(tmp_path / "home"), "PATH": binaries, "ANSIBLE_COLLECTIONS_PATH": str(collections)}
    page = (ROOT / "docs" / "releases.md").read_text("utf-8").replace("1.0.0", VERSION)
    install, verify = re.findall(r"^ansible-galaxy collection .*$", page, re.MULTILINE)

    def succeeds(command: str) -> bool:
        return subprocess.run(["sh", "-c", command], cwd=tarball.parent, env=env, check=False).returncode == 0

    assert succeeds(install)
    assert succeeds(verify)
    signed = signature.read_text()
    signature.write_text("no signature")
    assert not succeeds(verify)
    signature.write_text(signed)
    with (collections / "ansible_collections" / "identity" / "scim" / "README.md").open("a") as readme:
        readme.write("changed")
    assert not succeeds(verify)


def test_the_tarball_has_what_users_need(repository: Path, tmp_path: Path) -> None:
    tarball = release.build("HEAD", tmp_path, repository)
    with tarfile.open(tarball) as archive:
        members = {member.name: member for member in archive}
        files = {entry["name"]: entry for entry in json.loads(release.content(archive, "FILES.json"))["files"]}
        contents = {name: release.content(archive, name) for name, member in members.items() if member.isreg()}
    assert list(members) == ["FILES.json", "MANIFEST.json", *sorted(set(members) - {"FILES.json", "MANIFEST.json"})]
    assert {member.mtime for member in members.values()} == {release.epoch_of("HEAD", repository)}
    for name, entry in files.items():
        assert entry["ftype"] != "file" or entry["chksum_sha256"] == hashlib.sha256(contents[name]).hexdigest()
    manifest = json.loads(contents["MANIFEST.json"])
    assert manifest["file_manifest_file"]["chksum_sha256"] == hashlib.sha256(contents["FILES.json"]).hexdigest()
    top = {name.partition("/")[0] for name in members} - {"FILES.json", "MANIFEST.json"}
    assert top == {
        "CHANGELOG.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "LICENSE", "README.md", "SECURITY.md", "requirements.txt",
        "changelogs", "docs", "examples", "meta", "playbooks", "plugins", "roles", "schemas", "tests",
    }  # fmt: skip
    assert [name for name in members if name.startswith("tests/")] == ["tests/config.yml"]
    committed = set(release.git("ls-files", "plugins", "playbooks", "roles", "meta", root=repository).split("\n"))
    assert committed <= set(members)


def test_the_bill_of_materials(repository: Path, tmp_path: Path) -> None:
    tarball, bill = release.publishable("HEAD", tmp_path, None, repository)
    text = bill.read_text("utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    found = json.loads(text)
    collection = found["metadata"]["component"]
    assert collection["version"] == VERSION
    assert collection["hashes"] == [{"alg": "SHA-256", "content": hashlib.sha256(tarball.read_bytes()).hexdigest()}]
    assert "plugins/modules/user.py" in {each["name"] for each in collection["components"]}
    assert {each["name"] for each in found["components"]} == {"ansible-core", "requests", "voluptuous"}
    assert {"ref": "collection", "dependsOn": ["ansible-core", "requests", "voluptuous"]} in found["dependencies"]
