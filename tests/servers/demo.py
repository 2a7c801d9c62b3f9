# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make demo`: an empty SCIM server on a free port of this machine, and a run of the playbook identity.scim.demo on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[0] = str(ROOT / "tests")  # instead of this folder: its modules are those of the package `servers`

from servers.rfc import RfcServer  # noqa: E402

BEGIN = """\
identity.scim: users and groups of a SCIM 2.0 service, declared in YAML.

An empty SCIM server (scim2-server) is running on this machine, at {url}.
The playbook is playbooks/demo.yml, and its declarations are in playbooks/files/demo/. Each step is one of its tasks."""

END = """
Done in {seconds:.0f} s. Each step did what its name says:
  - identity.scim.user created, updated and deleted users one by one, and changed nothing in a second run.
  - identity.scim.directory planned 25 users in 4 groups, applied exactly that plan, changed nothing in a second run, and
    corrected changes made by hand. Users outside its scope did not change.
  - A declaration without half of its users was refused before anything was written.
The server is stopped, and all of these users are deleted with it.

To try next:
  Change a title in playbooks/files/demo/directory/engineering.yml and run `make demo` again: step 5 shows it.
  .venv/bin/ansible-doc identity.scim.user          all options, with examples
  .venv/bin/ansible-doc identity.scim.directory
  README.md                                         how to use your own provider"""

FAILED = """
The demo ended early: a step did not do what its name says (exit code {code}). The server is stopped, and its files are removed."""

STOPPED = "\nStopped. The server is stopped, and its files are removed."

PATIENCE = 5  # seconds for an interrupted ansible-playbook to end
INTERRUPTED = 99  # the exit code of ansible-playbook after Ctrl-C; a background process of a shell gets no SIGINT itself


def main() -> int:
    """Run the demo. Returns the exit code: 0 if each step did what its name says."""
    began = time.monotonic()
    with RfcServer() as server, home() as folder:
        print(BEGIN.format(url=server.url), flush=True)
        try:
            code = play(environment(folder, server))
        except KeyboardInterrupt:
            print(STOPPED)
            return 130
    print((FAILED if code else END).format(code=code, seconds=time.monotonic() - began))
    return code


@contextmanager
def home() -> Iterator[Path]:
    """A temporary folder in this project for the files that Ansible writes."""
    cache = ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"demo-{os.getpid()}-", dir=cache))
    try:
        yield folder
    finally:
        remove(folder)


def remove(folder: Path) -> None:
    """Remove a folder. After Ctrl-C a module may write for another moment, because Ansible does not wait for its workers."""
    for _attempt in range(50):
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(0.2)
        if not folder.exists():
            return


def play(variables: dict[str, str]) -> int:
    """Run the playbook to its end. After Ctrl-C, which reaches it too, wait for it.

    The wait has a limit: if Ansible stops a worker that holds the lock of the results queue, ansible-playbook waits for that lock for ever.
    """
    command = [sys.executable, "-m", "ansible", "playbook", "identity.scim.demo"]
    with subprocess.Popen(command, cwd=ROOT, env=variables, stdin=subprocess.DEVNULL) as playing:
        try:
            code = playing.wait()
        except KeyboardInterrupt:
            with suppress(subprocess.TimeoutExpired):
                playing.wait(PATIENCE)
            playing.kill()
            raise
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    return code


def environment(folder: Path, server: RfcServer) -> dict[str, str]:
    """The environment of the playbook: nothing of the caller's own Ansible, and the URL and token of this server."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "SCIM_"))}
    return {
        **inherited,
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
        "ANSIBLE_CONFIG": str(ROOT / "tests" / "ansible.cfg"),
        "ANSIBLE_HOME": str(folder),
        "ANSIBLE_LOCAL_TEMP": str(folder / "tmp"),
        "ANSIBLE_REMOTE_TEMP": str(folder / "tmp"),
        "ANSIBLE_CALLBACK_PLUGINS": str(ROOT / "tests" / "demo" / "callback_plugins"),
        "ANSIBLE_STDOUT_CALLBACK": "demo",
        "SCIM_URL": server.url,
        "SCIM_TOKEN": server.token,
    }


if __name__ == "__main__":
    sys.exit(main())
