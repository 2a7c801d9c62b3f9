# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks of this collection as nox sessions, for those who know nox: ``nox --list``. The Makefile has the work."""

# /// script
# dependencies = ["nox>=2025.02.09", "antsibull-nox>=1.10"]
# ///

from __future__ import annotations

import antsibull_nox
import nox

TARGETS = {
    "lint": "ruff, mypy, yamllint, ansible-lint, documentation, changelog",
    "test": "unit tests, a sample of the simulation, and integration tests",
    "sanity": "ansible-test sanity",
    "matrix": "unit tests and some integration tests on each ansible-core and Python of this machine",
    "docs": "the documentation site",
    "importer": "build the collection and check it as Galaxy does",
}


def add_target(target: str, description: str) -> None:
    @nox.session(name=target, python=False)
    def run(session: nox.Session) -> None:
        session.run("make", target, *(["ARGS=" + " ".join(session.posargs)] if session.posargs else []), external=True)

    run.__doc__ = description


nox.options.envdir = ".cache/nox/sessions"
antsibull_nox.load_antsibull_nox_toml()
for name, text in TARGETS.items():
    add_target(name, text)

if __name__ == "__main__":
    nox.main()
