# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs ``ansible-test sanity`` on a copy of the files git knows: its folder has to be ``ansible_collections/identity/scim``, and no link.

Everything stays in ``.cache/sanity``, the home folder of ansible-test too. Arguments go on to ansible-test.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path
from types import SimpleNamespace

from ansible_test._internal.python_requirements import get_venv_packages

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".cache" / "sanity"
COPY = HOME / "ansible_collections" / "identity" / "scim"

# Run as get-pip.py is, with what pip shall install and two options of get-pip's own. The pip that Python brings does it.
STAND_IN = """\
import ssl, subprocess, sys
cert = ssl.get_default_verify_paths().cafile
wanted = [word for word in sys.argv[1:] if word not in ("--no-setuptools", "--no-wheel")]
subprocess.check_call([sys.executable, "-m", "ensurepip"])
subprocess.check_call([sys.executable, "-m", "pip", "install", *(["--cert", cert] if cert else []), *wanted])
"""


def copy_files() -> None:
    """The work tree as git sees it, in a repository of its own (else ansible-test finds ours, in which the copy is ignored)."""
    shutil.rmtree(COPY, ignore_errors=True)
    listed = subprocess.check_output(["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, text=True)
    for name in filter(None, listed.split("\0")):
        source, target = ROOT / name, COPY / name
        if source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target, follow_symlinks=False)
    subprocess.run(["git", "init", "-q", COPY], check=True)


def lay_stand_in(python: str) -> None:
    """Where the host of ansible-test's get-pip is out of reach, put one of ours where it looks first."""
    version = get_venv_packages(SimpleNamespace(version=python))["pip"]
    script = HOME / ".ansible" / "test" / "cache" / f"get_pip_{version.replace('.', '_')}.py"
    if script.exists():
        return
    try:
        urllib.request.urlopen(f"https://ci-files.testing.ansible.com/ansible-test/get-pip-{version}.py", timeout=10).close()
    except OSError:
        print(f"sanity: ansible-test's own get-pip is out of reach, ensurepip takes its place ({script})", flush=True)
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_text(STAND_IN, encoding="utf-8")


def main() -> int:
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    copy_files()
    lay_stand_in(python)
    # Without pyenv's shims, which answer for Pythons that are not there, and with nothing of the user's own Ansible.
    path = os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"])
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    command = [sys.executable, "-m", "ansible", "test", "sanity", "--local", "--python", python, "--color", "no", *sys.argv[1:]]
    return subprocess.run(command, cwd=COPY, env=kept | {"HOME": str(HOME), "PATH": path}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
