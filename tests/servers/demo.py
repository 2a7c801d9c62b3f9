# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make demo`: an empty SCIM server on a free port of this machine, and the playbook identity.scim.demo played against it."""

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
identity.scim: people and groups of a SCIM 2.0 service, declared in YAML.

An empty SCIM server (scim2-server) now runs on this machine, at {url}.
The playbook is playbooks/demo.yml, what it declares is in playbooks/files/demo/. Each step is a task of it."""

END = """
Done in {seconds:.0f} s, and every step did what it announced. Seen were:
  - identity.scim.user: people created, left unchanged, updated and deleted, one by one;
  - identity.scim.directory: 25 people in 4 groups planned, applied exactly as reviewed, left alone, and mended after
    somebody had changed them by hand; people outside of its scope were never touched;
  - a declaration that had lost half of its people, refused before anything was written.
The server is gone, and with it all of these people.

To try next:
  change a title in playbooks/files/demo/directory/engineering.yml and run `make demo` again: step 5 shows it
  .venv/bin/ansible-doc identity.scim.user          every option, with examples
  .venv/bin/ansible-doc identity.scim.directory
  README.md                                         your own provider, in ten lines"""

FAILED = """
The demo ended early: a step did not do what it announces (exit code {code}). Nothing is left behind."""

STOPPED = "\nStopped. The server is gone, and nothing is left behind."

PATIENCE = 5  # seconds that an interrupted ansible-playbook has
INTERRUPTED = 99  # how ansible-playbook ends after Ctrl-C; in the background of a shell we ourselves do not hear of it


def main() -> int:
    """The exit code: 0 where every step did what it announces."""
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
    """A folder for what Ansible writes, inside this one, and gone afterwards."""
    cache = ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"demo-{os.getpid()}-", dir=cache))
    try:
        yield folder
    finally:
        remove(folder)


def remove(folder: Path) -> None:
    """After Ctrl-C a module may still write for a moment: Ansible gives its workers sessions of their own, and does not wait for them."""
    for _attempt in range(50):
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(0.2)
        if not folder.exists():
            return


def play(variables: dict[str, str]) -> int:
    """Run the playbook to its end; after Ctrl-C, which reaches it as well, wait for it.

    Not for ever: a worker that Ansible stops while it holds the lock of their queue leaves ansible-playbook waiting for that lock.
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
    """Nothing of the caller's own Ansible, and the address and the token of this server."""
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
