# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mistakes in files as JUnit XML, which pipelines show beside a pull request: a case for each mistake, and for each correct file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.etree import ElementTree

from ..escaping import visible, visible_lines
from .findings import ERROR, WARNING, Finding

NAME = "identity.scim.validate"


def junit_xml(files: Iterable[str], found: Sequence[Finding]) -> str:
    """The text of the XML file. Characters that XML 1.0 forbids (§2.2) are escaped by ``visible``."""
    problems = [finding.problem for finding in found if finding.level == ERROR]
    warnings = [finding.problem for finding in found if finding.level == WARNING]
    wrong = {problem.origin.file for problem in problems}
    correct = [file for file in dict.fromkeys(files) if file not in wrong]
    counts = {"tests": str(len(correct) + len(problems)), "failures": str(len(problems)), "errors": "0"}
    suites = ElementTree.Element("testsuites", {"name": NAME, **counts})
    suite = ElementTree.SubElement(suites, "testsuite", {"name": NAME, **counts})
    for file in correct:
        ElementTree.SubElement(suite, "testcase", {"name": visible(file), "classname": NAME, "file": visible(file)})
    for problem in problems:
        origin = problem.origin
        line = {"line": str(origin.line)} if origin.line else {}
        file = visible(origin.file)
        place = {"name": visible(str(origin)) or NAME, "classname": file or NAME, "file": file, **line}
        case = ElementTree.SubElement(suite, "testcase", place)
        ElementTree.SubElement(case, "failure", message=visible(problem.found), type="invalid").text = visible(str(problem))
    if warnings:
        ElementTree.SubElement(suite, "system-out").text = visible_lines(map(str, warnings))
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="unicode") + "\n"
