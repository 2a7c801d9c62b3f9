# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pipelines of GitHub, GitLab and Azure DevOps, played on this machine: the files of a repository are read, their steps run as written.

Only what is a service there stands in here: checkout, artifacts, ``pip`` and ``ansible-galaxy`` (all is installed already), and the
interfaces for comments (``pull_requests``). A condition that is not understood is an error, so that no step is left out in silence.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .issuer import Issuer
from .playbooks import LEAKS

ROOT = Path(__file__).resolve().parents[2]
REPOSITORY, AWX = ROOT / "examples" / "repository", ROOT / "examples" / "awx"
Body = dict[str, Any]
INSTALLERS = ("pip", "ansible-galaxy")  # they do nothing
SERVICES = ("GITHUB_", "CI_", "GITLAB_", "BUILD_", "SYSTEM_")  # prefixes of their own variables


@dataclass
class Job:
    """What became of a job."""

    name: str
    rc: int = 0
    output: str = ""
    ran: list[str] = field(default_factory=list)


class Runner:
    """One repository with its artifacts; ``variables`` are those that a team sets for it, secret ones too. ``source`` is the repository.

    ``issuer`` gives ID tokens to the jobs that declare them, and to no other.
    """

    def __init__(self, folder: Path, variables: Mapping[str, str], source: Path = REPOSITORY, issuer: Issuer | None = None) -> None:
        self.issuer = issuer
        self.repository, self.artifacts, self.summary = folder / "repository", folder / "artifacts", folder / "summary.md"
        self._bin, self._jobs = folder / "bin", folder / "jobs"
        self.variables = dict(variables)
        shutil.copytree(source, self.repository)
        for path in (self.artifacts, self._bin, self._jobs, folder / "home"):
            path.mkdir()
        self.summary.touch()
        for name in INSTALLERS:
            (self._bin / name).write_text("#!/bin/sh\n")
            (self._bin / name).chmod(0o755)
        kept = {name: value for name, value in os.environ.items() if not name.startswith((*LEAKS, *SERVICES))}
        self.environment = {
            **kept, "HOME": str(folder / "home"),
            "LC_ALL": "C.UTF-8",
            "PATH": f"{self._bin}:{Path(sys.executable).parent}:{os.environ['PATH']}", "GITHUB_STEP_SUMMARY": str(self.summary),
            "ANSIBLE_PIPELINING": "true",
        }  # fmt: skip

    def workspace(self, name: str) -> Path:
        """A fresh folder for a job: what one leaves behind, no other has."""
        place = self._jobs / f"{len(list(self._jobs.iterdir()))}-{name}"
        place.mkdir()
        return place

    def shell(self, job: Job, script: str, place: Path, environment: Mapping[str, str], strict: bool = True) -> int:
        """Run a script as the services do: in bash, which ends at the first error."""
        command = ["bash", *(["-e"] if strict else []), "-o", "pipefail", "-c", script]
        env = {**self.environment, **environment}
        done = subprocess.run(
            command, cwd=place, env=env, capture_output=True, text=True, check=False, timeout=120, stdin=subprocess.DEVNULL
        )
        job.output += f"$ {script}\n{done.stdout}{done.stderr}"
        return done.returncode

    def keep(self, name: str, source: Path) -> None:
        shutil.rmtree(self.artifacts / name, ignore_errors=True)
        shutil.copytree(source, self.artifacts / name)

    def bring(self, name: str, target: Path) -> None:
        shutil.copytree(self.artifacts / name, target, dirs_exist_ok=True)


def holds(expression: str, values: Mapping[str, Any], name: str) -> bool:
    """A condition of a pipeline. ``name`` is the pattern of a value's name.

    :raises KeyError: for a value that is not known. :raises SyntaxError: for what is no condition.
    """
    python = re.sub(r"!(?!=)", " not ", expression).replace("&&", " and ").replace("||", " or ")
    texts = re.split(r"""("[^"]*"|'[^']*')""", python)
    texts[::2] = [re.sub(name, lambda found: repr(values[found[0]]), part) for part in texts[::2]]
    return bool(eval(" ".join("".join(texts).split()), {"__builtins__": {}}))


class GitHub(Runner):
    """``github.run({"github.event_name": "push", …})``: the jobs of an event, in order; one whose need failed is not run.

    ``took_place`` are jobs that succeeded already: time is short.
    """

    def run(self, event: Mapping[str, Any], took_place: tuple[str, ...] = ()) -> list[Job]:
        workflow = yaml.safe_load((self.repository / ".github" / "workflows" / "directory.yml").read_text())
        known = {f"vars.{name}": value for name, value in self.variables.items()}
        values = {**known, **{f"secrets.{name}": value for name, value in self.variables.items()}, **event}
        values = {
            "github.token": "token",
            "github.ref": "",
            "github.repository": "o/r",
            "github.api_url": "",
            "github.event.pull_request.number": 7,
            **values,
        }
        done: dict[str, Job] = {}
        for name, job in workflow["jobs"].items():
            needed = job.get("needs")
            is_met = needed is None or needed in took_place or (needed in done and done[needed].rc == 0)
            if name not in took_place and is_met and self._holds(job["if"], values):
                done[name] = self._job(name, job, values)
        return list(done.values())

    def _holds(self, condition: str, values: Mapping[str, Any]) -> bool:
        bare = condition.replace("${{", "").replace("}}", "").replace("cancelled()", "False")
        return holds(bare, values, r"github(\.\w+)+")

    def _job(self, name: str, definition: Body, values: Mapping[str, Any]) -> Job:
        job, place = Job(name), self.workspace(name)
        for step in definition["steps"]:
            always = "cancelled()" in step.get("if", "")
            if (job.rc and not always) or not self._holds(step.get("if", "True"), values):
                continue
            job.ran.append(step.get("name", step.get("uses", "")))
            if "uses" in step:
                self._use(step["uses"].partition("@")[0], step.get("with", {}), place)
            else:
                env = {**definition.get("env", {}), **step.get("env", {})}
                given = {key: self._filled(str(value), values) for key, value in env.items()}
                if self.issuer and definition.get("permissions", {}).get("id-token") == "write":
                    given |= self.issuer.environment
                given |= {f"GITHUB_{name.upper()}": str(values[f"github.{name}"]) for name in ("ref", "repository", "api_url")}
                job.rc = self.shell(job, self._filled(step["run"], {}), place, given) or job.rc
        return job

    def _use(self, action: str, options: Body, place: Path) -> None:
        match action:
            case "actions/checkout":
                shutil.copytree(self.repository, place, dirs_exist_ok=True)
            case "actions/setup-python":
                return
            case "actions/upload-artifact":
                self.keep(options["name"], place / options["path"])
            case "actions/download-artifact":
                self.bring(options["name"], place / options["path"])
            case _:
                raise LookupError(f"{action} is not known here")

    @staticmethod
    def _filled(text: str, values: Mapping[str, Any]) -> str:
        return re.sub(r"\$\{\{\s*([\w.]+)\s*\}\}", lambda found: str(values[found[1]]), text)


class GitLab(Runner):
    """``gitlab.run({"CI_PIPELINE_SOURCE": "push", …}, pressed=("apply",))``: manual jobs run where they are pressed."""

    def run(self, predefined: Mapping[str, str], pressed: tuple[str, ...] = (), took_place: tuple[str, ...] = ()) -> list[Job]:
        pipeline = yaml.safe_load((self.repository / ".gitlab-ci.yml").read_text())
        names = re.findall(r"\$(CI_\w+)", (self.repository / ".gitlab-ci.yml").read_text())
        values = {f"${name}": "" for name in names} | {f"${name}": value for name, value in predefined.items()}
        if self._when(pipeline["workflow"]["rules"], values) == "never":
            return []
        done: list[Job] = []
        for stage in pipeline["stages"]:
            if any(job.rc for job in done):
                break
            for name, job in pipeline.items():
                if isinstance(job, dict) and job.get("stage") == stage and name not in took_place:
                    when = self._when(job["rules"], values)
                    if when == "on_success" or (when == "manual" and name in pressed):
                        done.append(self._job(name, job, pipeline["default"], predefined))
        return done

    @staticmethod
    def _when(rules: list[Body], values: Mapping[str, str]) -> str:
        met: Iterator[Body] = (rule for rule in rules if holds(rule["if"], values, r"\$\w+"))
        rule = next(met, {"when": "never"})
        return str(rule.get("when", "on_success"))

    def _job(self, name: str, definition: Body, default: Body, predefined: Mapping[str, str]) -> Job:
        job, place = Job(name), self.workspace(name)
        shutil.copytree(self.repository, place, dirs_exist_ok=True)
        for needed in definition.get("needs", []):
            self.bring(needed, place)
        tokens = definition.get("id_tokens", {}) if self.issuer else {}
        env = {**self.variables, **predefined, "GITLAB_CI": "true"}
        env |= {token: self.issuer.id_token(aud=declared["aud"]) for token, declared in tokens.items() if self.issuer}
        job.rc = self.shell(job, "\n".join([*default["before_script"], *definition["script"]]), place, env)
        if "after_script" in definition:
            self.shell(job, "\n".join(definition["after_script"]), place, env, strict=False)
        for path in definition.get("artifacts", {}).get("paths", []):
            self.keep(f"{name}/{path}", place / path)
        return job


class Azure(Runner):
    """``azure.run({"Build.Reason": "PullRequest", …})``: the stages of a run, in order, each with one job.

    Variables are in a step's environment by themselves, secret ones (tokens and client secrets) only where the step maps them.
    """

    PREDEFINED: Mapping[str, str] = {
        "Build.SourceBranch": "",
        "Build.Repository.Provider": "TfsGit",
        "System.PullRequest.IsFork": "False",
        "System.AccessToken": "",
    }

    def run(self, predefined: Mapping[str, str], took_place: tuple[str, ...] = ()) -> list[Job]:
        pipeline = yaml.safe_load((self.repository / "azure-pipelines.yml").read_text())
        values = {**self.PREDEFINED, **predefined}
        done: dict[str, Job] = {}
        for stage in pipeline["stages"]:
            name, needed = stage["stage"], stage.get("dependsOn")
            succeeded = not needed or needed in took_place or (needed in done and done[needed].rc == 0)
            if name not in took_place and self._holds(stage["condition"], values, succeeded):
                done[name] = self._job(name, stage["jobs"][0], values)
        return list(done.values())

    @staticmethod
    def _holds(condition: str, values: Mapping[str, str], succeeded: bool) -> bool:
        """A condition. Texts are equal in any case.

        :raises KeyError: for a variable that is not known. :raises NameError: for a function that is not known.
        """
        functions = {
            "and_": lambda *parts: all(parts),
            "or_": lambda *parts: any(parts),
            "eq_": lambda one, other: one.lower() == other.lower(),
            "ne_": lambda one, other: one.lower() != other.lower(),
            "in_": lambda one, *others: one.lower() in [other.lower() for other in others],
            "succeeded_": lambda: succeeded,
            "succeededOrFailed_": lambda: True,
        }
        return bool(eval(re.sub(r"\b(\w+)\(", r"\1_(", condition), {"__builtins__": {}, "variables": values, **functions}))

    def _job(self, name: str, definition: Body, values: Mapping[str, str]) -> Job:
        job, place = Job(name), self.workspace(name)
        known: dict[str, str] = {**self.variables, **values, "Pipeline.Workspace": str(place)}
        (place / "s").mkdir()
        is_deployment = "deployment" in definition
        steps = definition["strategy"]["runOnce"]["deploy"]["steps"] if is_deployment else [{"checkout": "self"}, *definition["steps"]]
        for step in steps:
            if self._holds(step.get("condition", "succeeded()"), values, job.rc == 0):
                job.ran.append(step.get("displayName", next(iter(step))))
                self._step(job, step, place, known)
        return job

    def _step(self, job: Job, step: Body, place: Path, known: Mapping[str, str]) -> None:
        match next(iter(step)):
            case "checkout":
                shutil.copytree(self.repository, place / "s", dirs_exist_ok=True)
            case "task" if step["task"].startswith("UsePythonVersion@"):
                return
            case "bash":
                plain = {name: value for name, value in known.items() if "TOKEN" not in name.upper()}
                own = {name.upper().replace(".", "_"): value for name, value in plain.items() if "SECRET" not in name}
                env = {**own, **{name: self._filled(value, known) for name, value in step.get("env", {}).items()}}
                job.rc = self.shell(job, self._filled(step["bash"], known), place / "s", env) or job.rc
            case "publish":
                self.keep(step["artifact"], place / "s" / step["publish"])
            case "download":
                self.bring(step["artifact"], place / step["artifact"])
            case kind:
                raise LookupError(f"{kind} {step[kind]} is not known here")

    @staticmethod
    def _filled(text: str, known: Mapping[str, str]) -> str:
        return re.sub(r"\$\(([\w.]+)\)", lambda found: known[found[1]], text)
