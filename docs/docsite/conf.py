# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configuration of Sphinx for the documentation site. ``make docs`` builds it, see tests/docs.py."""

from __future__ import annotations

from docutils import nodes
from pygments.lexers.special import TextLexer

project = "identity.scim"
copyright = "identity.scim contributors"
extensions = ["myst_parser", "sphinx_antsibull_ext"]
myst_heading_anchors = 3  # as on GitHub
html_theme = "furo"
html_title = "identity.scim"
html_theme_options = {"source_repository": "https://github.com/identity-scim/identity.scim/"}
html_copy_source = False
html_static_path = ["static"]
html_css_files = ["site.css"]
suppress_warnings = ["toc.empty_glob"]  # before the first release there is no CHANGELOG.md
highlight_language = "none"  # of blocks that name none; a diagram is no Python

ANSIBLE = "https://docs.ansible.com/ansible/latest"
# What pages of modules refer to in Ansible's own documentation.
LABELS = {
    "action_plugins": "plugins/action.html",
    "ansible_configuration_settings": "reference_appendices/config.html",
    "common_return_values": "reference_appendices/common_return_values.html",
}


def reference(app, env, node, content):
    """The link to a page of Ansible's documentation. Any other missing reference stays a warning."""
    page = LABELS.get(node["reftarget"])
    return page and nodes.reference("", "", content, internal=False, refuri=f"{ANSIBLE}/{page}")


def setup(app):
    app.connect("missing-reference", reference)
    app.add_lexer("csv", TextLexer)
