# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make a release: run the checks, write the changelog, commit, tag, and write the files to publish to ``.cache/release/VERSION``.

The tarball and the bill of materials are made of the tagged commit alone, and are byte for byte the same whenever they are built again with
the same version of Python and ansible-core: entries are sorted, and every time is that of the commit (or ``SOURCE_DATE_EPOCH``).

.venv/bin/python tests/release.py VERSION [--key KEY] [--checks COMMAND]
.venv/bin/python tests/release.py --build [COMMIT] [--key KEY]
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parent.parent
RELEASES = ROOT / ".cache" / "release"
CHECKS = ".ci/run"
AGENT = "identity.scim/"  # before the version
VERSION = re.compile(r"\d+\.\d+\.\d+(-(alpha|beta|rc)\.\d+)?")
MARKUP = re.compile(r"\b(?:[CEMOV]|RV)\(((?:[^()]|\([^()]*\))*)\)")
FILES, MANIFEST = "FILES.json", "MANIFEST.json"


def main() -> int:
    parser = argparse.ArgumentParser(description="Make a release.")
    parser.add_argument("version", nargs="?", help="the version to release, such as 1.0.0")
    parser.add_argument("--build", nargs="?", const="HEAD", metavar="COMMIT", help="write the files of a commit, and change nothing else")
    parser.add_argument("--key", help="the key of gpg to sign with")
    parser.add_argument("--checks", default=CHECKS, help=f"the command that has to succeed (default {CHECKS})")
    given = parser.parse_args()
    if bool(given.version) == bool(given.build):
        parser.error("give a version, or --build")
    try:
        commit = given.build or release(given.version, given.checks, given.key)
        for path in publishable(commit, RELEASES, given.key):
            print(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(ROOT)}")
    except (ValueError, subprocess.CalledProcessError) as error:
        print(f"release: {error}", file=sys.stderr)
        return 1
    return 0


def release(version: str, checks: str, key: str | None, root: Path = ROOT) -> str:
    """Commit and tag a version, and return the tag. Nothing is pushed.

    :raises ValueError: if the version is not one, or exists already, or if a file is not committed.
    """
    tag = f"v{version}"
    if not VERSION.fullmatch(version):
        raise ValueError(f"the version must be one such as 1.0.0 or 1.1.0-rc.1, got {version!r}")
    if git("tag", "--list", tag, root=root):
        raise ValueError(f"the tag {tag} exists already")
    if changed := git("status", "--porcelain", root=root):
        raise ValueError(f"commit or remove these changes first:\n{changed}")
    subprocess.run(shlex.split(checks), cwd=root, check=True)
    with work_tree(root) as copy:
        write_version(version, copy)
        git("add", "--all", root=copy)
        git("commit", "--quiet", "--message", f"Release {version}", root=copy)
        commit = git("rev-parse", "HEAD", root=copy)
    git("merge", "--quiet", "--ff-only", commit, root=root)
    git("tag", *(["--local-user", key] if key else ["--annotate"]), "--message", f"identity.scim {version}", tag, root=root)
    return tag


@contextmanager
def work_tree(root: Path) -> Iterator[Path]:
    """Yield another work tree of the last commit, in the folders that antsibull-changelog expects. ``root`` stays as it is."""
    with TemporaryDirectory(prefix="release-") as temporary:
        copy = Path(temporary) / "ansible_collections" / "identity" / "scim"
        git("worktree", "add", "--quiet", "--detach", str(copy), root=root)
        try:
            yield copy
        finally:
            git("worktree", "remove", "--force", str(copy), root=root)


def write_version(version: str, folder: Path) -> None:
    """Write a version into ``galaxy.yml`` and wherever the User-Agent of the requests has it, and the changelog from its fragments."""
    galaxy = folder / "galaxy.yml"
    last = yaml.safe_load(galaxy.read_text("utf-8"))["version"]
    _replace(galaxy, f"version: {last}", f"version: {version}")
    with_agent = git("grep", "--files-with-matches", "--fixed-strings", f"{AGENT}{last}", "--", "plugins", "roles", root=folder)
    for name in with_agent.splitlines():
        _replace(folder / name, f"{AGENT}{last}", f"{AGENT}{version}")
    for fragment in (folder / "changelogs" / "fragments").glob("*.yml"):
        fragment.write_text(yaml.safe_dump(as_rst(yaml.safe_load(fragment.read_text("utf-8")))), encoding="utf-8")
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}  # it starts ansible-doc
    for command in (["release"], ["lint"]):
        subprocess.run([sys.executable, "-m", "antsibull_changelog", *command], cwd=folder, check=True, env=environment)


def _replace(path: Path, old: str, new: str) -> None:
    """Replace a text that ends in a version, and no longer version that begins with it."""
    path.write_text(re.sub(rf"(?<![\w.-]){re.escape(old)}(?![\w-]|\.\d)", new, path.read_text("utf-8")), encoding="utf-8")


def as_rst(value: Any) -> Any:
    """A changelog fragment in RST, which antsibull-changelog reads. Ours have the markup of all our texts, such as ``O(src)``."""
    if isinstance(value, dict):
        return {section: as_rst(inner) for section, inner in value.items()}
    if isinstance(value, list):
        return [as_rst(inner) for inner in value]
    return MARKUP.sub(r"``\1``", value)


def publishable(commit: str, folder: Path, key: str | None = None, root: Path = ROOT) -> Iterator[Path]:
    """Write the files of a commit to publish, and return their paths: the tarball, its bill of materials, and signatures.

    ``MANIFEST.json`` has the checksums of all files of a collection, so its signature is the one that ansible-galaxy verifies.
    """
    tarball = build(commit, folder, root)
    bill = tarball.with_name(tarball.name.removesuffix(".tar.gz") + ".cdx.json")
    bill.write_text(bill_of_materials(tarball, epoch_of(commit, root)), encoding="utf-8")
    yield from (tarball, bill)
    if key:
        with tarfile.open(tarball) as archive:
            (tarball.parent / MANIFEST).write_bytes(content(archive, MANIFEST))
        for path in (tarball, bill, tarball.parent / MANIFEST):
            signature = path.with_name(f"{path.name}.asc")
            signing = ["gpg", "--batch", "--yes", "--armor", "--local-user", key, "--output", str(signature), "--detach-sign", str(path)]
            subprocess.run(signing, check=True)
            yield signature


def build(commit: str, folder: Path, root: Path = ROOT) -> Path:
    """Build the collection of a commit, in a folder of its version, and return the path of the tarball."""
    with TemporaryDirectory(prefix="release-") as temporary:
        source, built = Path(temporary) / "source", Path(temporary) / "built"
        source.mkdir()
        with tarfile.open(fileobj=BytesIO(subprocess.check_output(["git", "archive", commit], cwd=root))) as archive:
            archive.extractall(source, filter="data")
        version = yaml.safe_load((source / "galaxy.yml").read_text("utf-8"))["version"]
        command = [sys.executable, "-m", "ansible", "galaxy", "collection", "build", "--output-path", str(built), str(source)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        [tarball] = built.glob("*.tar.gz")
        shutil.rmtree(folder / version, ignore_errors=True)
        (folder / version).mkdir(parents=True)
        path = folder / version / tarball.name
        path.write_bytes(normalized(tarball, epoch_of(commit, root)))
        return path


def epoch_of(commit: str, root: Path = ROOT) -> int:
    """The time of everything in a release, in seconds since 1970."""
    return int(os.environ.get("SOURCE_DATE_EPOCH") or git("log", "-1", "--format=%ct", commit, root=root))


def normalized(tarball: Path, epoch: int) -> bytes:
    """The bytes of a collection's tarball with sorted entries and one time. The order of the files in ``FILES.json`` is sorted too, since
    Ansible has that of the file system there."""
    with tarfile.open(tarball) as archive:
        files = json.loads(content(archive, FILES))
        files["files"].sort(key=lambda entry: entry["name"])
        manifest = json.loads(content(archive, MANIFEST))
        new = {FILES: as_json(files)}
        manifest["file_manifest_file"]["chksum_sha256"] = hashlib.sha256(new[FILES]).hexdigest()
        new[MANIFEST] = as_json(manifest)
        result = BytesIO()
        with (
            gzip.GzipFile(filename="", mode="wb", fileobj=result, mtime=epoch) as compressed,
            tarfile.open(fileobj=compressed, mode="w", format=tarfile.GNU_FORMAT) as sorted_archive,
        ):
            for member in sorted(archive.getmembers(), key=lambda member: (member.name not in new, member.name)):
                data = new.get(member.name, content(archive, member.name) if member.isreg() else b"")
                member.mtime, member.size, member.pax_headers = epoch, len(data), {}
                sorted_archive.addfile(member, BytesIO(data))
    return result.getvalue()


def content(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    assert file is not None, f"{name} is no file"
    return file.read()


def as_json(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, indent=1, sort_keys=True).encode()


def bill_of_materials(tarball: Path, epoch: int) -> str:
    """What the collection is made of and needs at run time, in CycloneDX's JSON."""
    with tarfile.open(tarball) as archive:
        info = json.loads(content(archive, MANIFEST))["collection_info"]
        files = json.loads(content(archive, FILES))["files"]
        libraries = [line for line in content(archive, "requirements.txt").decode().splitlines() if line]
        core = yaml.safe_load(content(archive, "meta/runtime.yml"))["requires_ansible"]
    licences = [LicenseExpression(" AND ".join(info["license"]))]
    collection = Component(
        name=f"{info['namespace']}.{info['name']}",
        version=info["version"],
        type=ComponentType.LIBRARY,
        bom_ref="collection",
        description=info["description"],
        licenses=licences,
        hashes=[sha256(hashlib.sha256(tarball.read_bytes()).hexdigest())],
        external_references=[ExternalReference(type=ExternalReferenceType.VCS, url=XsUri(info["repository"]))],
        components=[
            Component(name=each["name"], type=ComponentType.FILE, bom_ref=f"file:{each['name']}", hashes=[sha256(each["chksum_sha256"])])
            for each in files
            if each["ftype"] == "file"
        ],
    )
    needed = [library(requirement) for requirement in [f"ansible-core{core}", *libraries]]
    bill = Bom(components=needed, serial_number=uuid5(NAMESPACE_URL, f"{info['repository']}#{info['version']}"))
    bill.metadata.component = collection
    bill.metadata.timestamp = datetime.fromtimestamp(epoch, UTC)
    bill.register_dependency(collection, needed)
    return f"{JsonV1Dot6(bill).output_as_string(indent=2)}\n"


def library(requirement: str) -> Component:
    """A Python library in a range of versions, such as ``requests>=2.28``."""
    name, least = requirement.split(">=")
    return Component(
        name=name,
        bom_ref=name,
        type=ComponentType.LIBRARY,
        purl=PackageURL("pypi", None, name),
        description=f"Any version from {least} on.",
    )


def sha256(digest: str) -> HashType:
    return HashType(alg=HashAlgorithm.SHA_256, content=digest)


def git(*arguments: str, root: Path = ROOT) -> str:
    return subprocess.check_output(["git", *arguments], cwd=root, text=True).strip()


if __name__ == "__main__":
    sys.exit(main())
