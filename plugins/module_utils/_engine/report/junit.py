# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mistakes in files as JUnit XML, which pipelines show beside a pull request: a case for each mistake, and for each correct file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree

from ..declaration.model import Problem

NAME = "identity.scim.validate"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 §2.2


def junit_xml(files: Iterable[str], problems: Sequence[Problem], warnings: Sequence[Problem]) -> str:
    """The text of the XML file."""
    wrong = {problem.origin.file for problem in problems}
    correct = [file for file in dict.fromkeys(files) if file not in wrong]
    counts = {"tests": str(len(correct) + len(problems)), "failures": str(len(problems)), "errors": "0"}
    suites = ElementTree.Element("testsuites", {"name": NAME, **counts})
    suite = ElementTree.SubElement(suites, "testsuite", {"name": NAME, **counts})
    for file in correct:
        ElementTree.SubElement(suite, "testcase", {"name": file, "classname": NAME, "file": file})
    for problem in problems:
        origin = problem.origin
        line = {"line": str(origin.line)} if origin.line else {}
        place = {"name": str(origin) or NAME, "classname": origin.file or NAME, "file": origin.file, **line}
        case = ElementTree.SubElement(suite, "testcase", place)
        ElementTree.SubElement(case, "failure", message=problem.found, type="invalid").text = str(problem)
    if warnings:
        ElementTree.SubElement(suite, "system-out").text = "\n".join(map(str, warnings))
    ElementTree.indent(suites)
    return _NOT_XML.sub("\ufffd", ElementTree.tostring(suites, encoding="unicode")) + "\n"
