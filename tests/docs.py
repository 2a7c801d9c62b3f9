# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the documentation site into ``.cache/docs/site``: the pages of this repository, and a page for each module and the role.

Warnings are errors. A link to a file that is no page of the site leads to the repository. ``make docs`` installs what this needs.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
DOCSITE = ROOT / "docs" / "docsite"
FOLDER = ROOT / ".cache" / "docs"
SOURCE, SITE = FOLDER / "source", FOLDER / "site"
CONTENTS = re.compile(r"^\.\. contents::.*\n(?: +:.*\n)*", re.MULTILINE)  # the theme shows them beside each page
LINK = re.compile(r"(\]\()([^)#\s]+)((?:#[^)\s]*)?\))")


def main() -> int:
    for folder in (SOURCE, SITE):
        shutil.rmtree(folder, ignore_errors=True)
    write_pages()
    collection = ["--use-current", "--squash-hierarchy", "--no-breadcrumbs", "--fail-on-error", "--dest-dir", str(SOURCE / "collections")]
    (SOURCE / "collections").mkdir()
    antsibull = "import sys; from antsibull_docs.cli.antsibull_docs import main; sys.exit(main())"
    subprocess.run([sys.executable, "-c", antsibull, "collection", *collection, "identity.scim"], check=True)
    for page in (SOURCE / "collections").glob("*.rst"):
        page.write_text(CONTENTS.sub("", page.read_text("utf-8")), encoding="utf-8")
    options = ["--builder", "html", "--conf-dir", str(DOCSITE), "--fail-on-warning", "--keep-going", "--quiet"]
    return subprocess.run([sys.executable, "-m", "sphinx", *options, str(SOURCE), str(SITE)], check=False).returncode


def pages() -> Iterator[Path]:
    """The Markdown pages of the site, relative to the repository."""
    yield Path("examples/README.md")
    for folder in (".", "docs"):
        yield from (path.relative_to(ROOT) for path in sorted((ROOT / folder).glob("*.md")))


def write_pages() -> None:
    found = {page: with_links_to_the_repository(page, set(pages())) for page in pages()}
    for page, text in {**found, Path("index.md"): (DOCSITE / "index.md").read_text("utf-8")}.items():
        (SOURCE / page).parent.mkdir(parents=True, exist_ok=True)
        (SOURCE / page).write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "docs" / "pictures", SOURCE / "docs" / "pictures")


def with_links_to_the_repository(page: Path, known: set[Path]) -> str:
    """The text of a page in which links to files that are no pages are URLs of the repository."""
    address = yaml.safe_load((ROOT / "galaxy.yml").read_text("utf-8"))["repository"]

    def link(found: re.Match[str]) -> str:
        if "://" in found[2]:
            return found[0]
        target = (ROOT / page.parent / found[2]).resolve().relative_to(ROOT)
        if target in known or target.parts[:2] == ("docs", "pictures"):
            return found[0]
        return f"{found[1]}{address}/{'tree' if (ROOT / target).is_dir() else 'blob'}/main/{target}{found[3]}"

    return LINK.sub(link, (ROOT / page).read_text("utf-8"))


if __name__ == "__main__":
    sys.exit(main())
