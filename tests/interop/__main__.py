# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Install, start, check and stop real servers: ``python -m interop [--results FOLDER] [--install] [NAME ...]``, with ``tests`` on the path.

One server is done in this process; several are processes of their own, two at a time. The exit code is 0 if no check failed but for those
that are known to, 1 if one did or a server could not be installed or started, and 3 if nothing was run, because the machine lacks what the
servers want; with ``--allow-missing`` that is 0.
"""

from __future__ import annotations

import argparse
import re
import shutil
import signal
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from servers.cores import ROOT
from servers.playbooks import Run
from servers.proxy import RecordingProxy

from .checks import CHECKS, Check, Lab, Never, Wrong
from .packages import CannotInstall, installed
from .probes import deviations
from .results import FAILED, KNOWN, LIMITED, PASSED, RESULTS, Outcome, Result, read, write
from .running import CannotStart, running
from .server import Server
from .servers import SERVERS

RUNS = ROOT / ".cache" / "interop-runs"
AT_ONCE = 2
NOT_RUN = 3
NOUNS = {LIMITED: "limited", KNOWN: "known to fail", FAILED: "failed"}
MARKS = {PASSED: "passed", LIMITED: "limited", KNOWN: "known", FAILED: "FAILED"}


def main() -> int:
    parser = argparse.ArgumentParser(prog="make interop", description="Check real SCIM servers.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(SERVERS)}; default all")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder for the results")
    parser.add_argument("--install", action="store_true", help="only install")
    parser.add_argument("--allow-missing", action="store_true", help="exit with 0 if this machine can run none of the servers")
    options = parser.parse_args()
    if unknown := [name for name in options.names if name not in SERVERS]:
        parser.error(f"unknown server {', '.join(unknown)}; expected some of {', '.join(SERVERS)}")
    signal.signal(signal.SIGTERM, _interrupt)
    names = options.names or list(SERVERS)
    code = one(SERVERS[names[0]], options.results, options.install) if len(names) == 1 else several(names, options.results, options.install)
    return 0 if code == NOT_RUN and options.allow_missing else code


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


# -- one server ---------------------------------------------------------------------------------------------------------------------------


def one(server: Server, results: Path, install_only: bool) -> int:
    if lacking := server.packages.missing():
        say(server, f"not run: this machine lacks {lacking}")
        return NOT_RUN
    try:
        folder = installed(server.name, server.packages)
        say(server, f"{server.packages.version} is installed")
        if install_only:
            return 0
        result = examined(server, folder)
    except (CannotInstall, CannotStart) as error:
        say(server, f"FAILED: {error}")
        return 1
    write(result, results)
    say(server, f"{summary(result)}; {RUNS.relative_to(ROOT)}/{server.name} has the log of each check")
    return 1 if result.of(FAILED) else 0


def examined(server: Server, folder: Path) -> Result:
    """Start the server and run each check."""
    own = RUNS / server.name
    with running(server, folder, own) as started, RecordingProxy(started.origin + server.base) as proxy:
        access = server.enter(started, started.origin + server.base)
        say(server, "has started")
        lab = Lab(server, access, proxy, Run(own), own)
        checks = [outcome_of(lab, name, title, function) for name, (title, function) in CHECKS.items()]
        found = deviations(access.direct)
    today = datetime.now(UTC).date().isoformat()
    return Result(server.name, server.title, server.packages.version, today, lab.profile, checks, found)


def outcome_of(lab: Lab, name: str, title: str, function: Check) -> Outcome:
    """Run a check; a limit of the server counts where a message of the collection says it, and a known failure where it is the same."""
    lab.begin()
    outcome, reason, message = PASSED, "", ""
    known = lab.server.known.get(name)
    try:
        function(lab)
        if lab.limited:
            outcome, reason, message = LIMITED, "; ".join(lab.limited), "\n".join(dict.fromkeys(lab.limited.values()))
        if known:
            outcome, reason, message = FAILED, f"it is known to fail, and does not: {known.reason} Correct known in its server.py.", ""
    except Wrong as error:
        outcome, reason = FAILED, str(error)
        limit = None if isinstance(error, Never) else lab.server.limits.get(name)
        if limit and (said := limit.said(lab.messages)):
            outcome, reason, message = LIMITED, limit.reason, said
        elif known and not isinstance(error, Never) and re.search(known.failure, reason):
            outcome, reason = KNOWN, f"{known.reason} ({reason})"
    except Exception:
        outcome, reason = FAILED, traceback.format_exc()
    (lab.folder / f"{name}.log").write_text(record(lab, title, outcome, reason), encoding="utf-8")
    say(lab.server, f"{MARKS[outcome]:8}{title} ({len(lab.exchanges)} requests)", *([reason] if reason else []))
    origins = (lab.proxy.origin, lab.access.direct.url.removesuffix(lab.server.base))
    for origin in origins:
        reason, message = (text.replace(origin, "http://provider") for text in (reason, message))
    return Outcome(name, title, outcome, len(lab.exchanges), reason, message)


def record(lab: Lab, title: str, outcome: str, reason: str) -> str:
    """All that a check did."""
    exchanges = [f"{exchange}\n    {exchange.result}" for exchange in lab.exchanges]
    parts = (f"{title}: {outcome}", reason, "== messages", *lab.messages, "== requests", *exchanges, "== output", *lab.log)
    return "\n".join(parts) + "\n"


def summary(result: Result) -> str:
    counts = [f"{len(result.of(PASSED))} of {len(result.checks)} checks passed"]
    counts += [f"{len(found)} {NOUNS[outcome]}" for outcome in (LIMITED, KNOWN, FAILED) if (found := result.of(outcome))]
    return f"{', '.join(counts)}, {result.requests} requests"


def say(server: Server, line: str, *more: str) -> None:
    print(f"{server.name}: {line}", *(f"    {text}" for part in more for text in part.splitlines()[:12]), sep="\n", flush=True)


# -- several ------------------------------------------------------------------------------------------------------------------------------


def several(names: Sequence[str], results: Path, install_only: bool) -> int:
    """A process for each; they are ended with this one."""
    processes: list[subprocess.Popen[bytes]] = []
    arguments = ["--results", str(results), *(["--install"] if install_only else [])]

    def code(name: str) -> int:
        with subprocess.Popen([sys.executable, "-m", "interop", *arguments, name]) as process:
            processes.append(process)
            return process.wait()

    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        codes = dict(zip(names, pool.map(code, names), strict=True))
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()
        raise
    finally:
        pool.shutdown()
    if not install_only:
        print(
            table(
                {
                    name: read(results / f"{name}.yml")
                    for name, code in codes.items()
                    if code != NOT_RUN and (results / f"{name}.yml").exists()
                }
            )
        )
    not_run = [name for name, code in codes.items() if code == NOT_RUN]
    print(f"{len(names) - len(not_run)} of {len(names)} servers run", *([f"not run: {', '.join(not_run)}"] if not_run else []), sep="; ")
    return NOT_RUN if len(not_run) == len(names) else int(any(code not in (0, NOT_RUN) for code in codes.values()))


def table(results: Mapping[str, Result]) -> str:
    """Server × check."""
    width = shutil.get_terminal_size((140, 20)).columns
    titles = {name: title for name, (title, _function) in CHECKS.items()}
    longest = max(map(len, titles.values()))
    rows = [" " * longest + "  " + "  ".join(results)]
    for name, title in titles.items():
        found = {key: next((one for one in result.checks if one.check == name), None) for key, result in results.items()}
        cells = [(MARKS[outcome.outcome] if outcome else "-").ljust(len(key)) for key, outcome in found.items()]
        rows.append(f"{title:{longest}}  {'  '.join(cells)}"[: max(width, longest + 60)].rstrip())
    return "\n".join(rows)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("interrupted")
