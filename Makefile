# Nothing is written outside this folder, and nothing is read from the user's own Ansible. Targets are relative and recipes quote,
# so that the folder may have a space in its name; for the same reason the tools are run as modules.
VENV_PYTHON := .venv/bin/python

# Without bytecode, each of a thousand runs of ansible-playbook would compile Ansible again.
unexport $(filter ANSIBLE_% SCIM_% PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE,$(.VARIABLES))
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export ANSIBLE_CONFIG := $(CURDIR)/tests/ansible.cfg
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/.venv/collections
export ANSIBLE_HOME := $(CURDIR)/.cache/ansible
export ANSIBLE_LOCAL_TEMP := $(CURDIR)/.cache/ansible/tmp
export ANSIBLE_REMOTE_TEMP := $(CURDIR)/.cache/ansible/tmp
export UV_CACHE_DIR := $(CURDIR)/.cache/uv
# Ansible wants UTF-8, and a proxy is no way to this machine.
export LC_ALL := $(if $(filter C POSIX,$(LC_ALL)),C.UTF-8,$(LC_ALL))
export NO_PROXY := localhost,127.0.0.1,::1,$(NO_PROXY)
export no_proxy := $(NO_PROXY)

.DEFAULT_GOAL := help
.PHONY: help setup demo test matrix simulate interop mutation benchmark docs generate lint ruff mypy yamllint ansible-lint antsibull-docs \
  antsibull-changelog antsibull-nox sanity importer release lock clean

help:
	@echo 'make demo      see it work: a SCIM server on this machine, a few people, a few plays'
	@echo 'make test      unit tests, a sample of the simulation, and integration tests (ARGS="-k name" goes on to pytest)'
	@echo 'make simulate  every fault at every request of the golden plans, and random days (SEED=1 DAYS=2000 PLANS=yes; DAY=7 shows one)'
	@echo 'make interop   real servers, each installed into this folder, started, checked and stopped (SERVERS="keycloak scimmy")'
	@echo 'make mutation  small faults that no unit test of a room finds (ROOMS=plan, SAMPLE=400)'
	@echo 'make benchmark what a run costs, beside other ways to do it; writes docs/performance.md (USERS=1000, LARGE="1000 100000", ROUNDS=3)'
	@echo 'make matrix    unit tests and some integration tests on each ansible-core and Python of this machine (CORE=2.18 MINOR=12 STEPS=unit)'
	@echo 'make docs      the documentation site, in .cache/docs/site'
	@echo 'make generate  write the files that are made from options and tables'
	@echo 'make lint      ruff, mypy, yamllint, ansible-lint, documentation, changelog, antsibull-nox'
	@echo 'make sanity    ansible-test sanity (ARGS="--test pep8" goes on to it)'
	@echo 'make importer  build the collection and check it as Galaxy does'
	@echo 'make release   checks, changelog, tag, tarball, bill of materials and signatures (VERSION=1.0.0 KEY=…)'
	@echo 'make lock      pin the newest tools'
	@echo 'make clean     remove all that the other targets made'

setup:
	@sh tests/setup.sh

demo: setup
	@$(VENV_PYTHON) tests/servers/demo.py

test: setup
	@$(VENV_PYTHON) -m pytest -n 2 --dist worksteal $(ARGS)

matrix: setup
	@$(VENV_PYTHON) tests/matrix.py $(if $(CORE),--core '$(CORE)') $(if $(MINOR),--minor '$(MINOR)') $(if $(STEPS),--steps '$(STEPS)')

simulate: setup
	@$(VENV_PYTHON) -m ansible_collections.identity.scim.tests.simulation.simulate $(if $(SEED),--seed '$(SEED)') \
	  $(if $(DAYS),--days '$(DAYS)') $(if $(FIRST),--first '$(FIRST)') $(if $(DAY),--day '$(DAY)') $(if $(PLANS),--plans '$(PLANS)') $(if $(MISHAP),--mishap '$(MISHAP)')

interop: setup
	@PYTHONPATH=tests $(VENV_PYTHON) -m interop $(if $(RESULTS),--results '$(RESULTS)') $(ARGS) $(SERVERS); code=$$?; \
	  $(if $(RESULTS),,$(VENV_PYTHON) tests/generate.py >/dev/null &&) exit $$code

mutation: setup
	@$(VENV_PYTHON) -m uv pip install -q --system-certs --no-deps --target .cache/mutation/tools -r tests/requirements/mutation.txt
	@PYTHONPATH=.cache/mutation/tools SAMPLE='$(SAMPLE)' $(VENV_PYTHON) tests/mutation.py $(ROOMS)

# DATABRICKS=FOLDER has a terraform-provider-databricks, built with the Go toolchain; see docs/development.md.
benchmark: setup
	@$(VENV_PYTHON) -m uv pip install -q --system-certs --no-deps --target .cache/benchmark/tools -r tests/requirements/benchmark.txt
	@$(VENV_PYTHON) tests/benchmarks/performance.py $(if $(USERS),--users '$(USERS)') $(if $(LARGE),--large $(LARGE)) \
	  $(if $(ROUNDS),--rounds '$(ROUNDS)') $(if $(DATABRICKS),--databricks '$(DATABRICKS)')

# One target a tool, so that `make -k lint` shows what all of them have to say.
lint: ruff mypy yamllint ansible-lint antsibull-docs antsibull-changelog antsibull-nox

ruff: setup
	$(VENV_PYTHON) -m ruff check
	$(VENV_PYTHON) -m ruff format --check

mypy: setup
	$(VENV_PYTHON) -m mypy

yamllint: setup
	$(VENV_PYTHON) -m yamllint --strict .

ansible-lint: setup
	$(VENV_PYTHON) -m ansiblelint --offline --profile production

# It writes a log into the home folder.
antsibull-docs: setup
	HOME="$(CURDIR)/.cache" $(VENV_PYTHON) .venv/bin/antsibull-docs lint-collection-docs --plugin-docs .

antsibull-changelog: setup
	$(VENV_PYTHON) -m antsibull_changelog lint

# ARGS="--list" shows all sessions.
antsibull-nox: setup
	$(VENV_PYTHON) -m uv venv -q --allow-existing .cache/nox/venv
	$(VENV_PYTHON) -m uv pip install -q --system-certs --no-deps --python .cache/nox/venv/bin/python -r tests/requirements/nox.txt
	.cache/nox/venv/bin/python -m nox $(if $(ARGS),$(ARGS),--sessions extra-checks)

generate: setup
	@$(VENV_PYTHON) tests/generate.py >/dev/null

docs: setup
	@$(VENV_PYTHON) -m uv pip install -q --system-certs --no-deps --target .cache/docs/tools -r tests/requirements/docs.txt
	@PYTHONPATH=.cache/docs/tools $(VENV_PYTHON) tests/docs.py

sanity: setup
	$(VENV_PYTHON) tests/sanity.py $(ARGS)

# A fresh folder each time, the home folder of Galaxy's importer as well. It succeeds whatever ansible-lint says, and waits 180 s for it.
importer: setup
	rm -rf .cache/importer && mkdir .cache/importer
	$(VENV_PYTHON) -m uv venv -q .cache/importer/venv
	$(VENV_PYTHON) -m uv pip install -q --system-certs --no-deps --python .cache/importer/venv/bin/python -r tests/requirements/importer.txt
	$(VENV_PYTHON) -m ansible galaxy collection build --output-path .cache/importer
	cd .cache/importer && { HOME="$$PWD" venv/bin/python -m galaxy_importer.main identity-scim-*.tar.gz 2>&1 || echo 'ERROR: failed'; } | \
	  tee importer.log
	! grep -E '^(WARNING|ERROR|CRITICAL)' .cache/importer/importer.log

release: setup
	@$(VENV_PYTHON) tests/release.py $(if $(VERSION),'$(VERSION)',--build) $(if $(KEY),--key '$(KEY)') $(if $(CHECKS),--checks '$(CHECKS)')

lock: setup
	cd tests/requirements && for name in lock importer mutation benchmark docs nox; do \
	  ../../$(VENV_PYTHON) -m uv pip compile -q --system-certs --upgrade --universal --python-version 3.11 --no-annotate \
	    --custom-compile-command 'make lock' "$$name.in" -o "$$name.txt" || exit; \
	done && for core in 2.17:3.11 2.18:3.11 2.19:3.11 2.20:3.12 2.21:3.12; do \
	  echo "ansible-core==$${core%:*}.*" | ../../$(VENV_PYTHON) -m uv pip compile -q --system-certs --upgrade --universal \
	    --python-version "$${core#*:}" --no-annotate --custom-compile-command 'make lock' ../../requirements.txt - \
	    -o "core-$${core%:*}.txt" || exit; \
	done
	cd tests/interop/servers && for server in agent_bom:3.11 open_webui:3.11 mlflow_oidc_auth:3.12; do \
	  folder=$${server%:*} && ../../../$(VENV_PYTHON) -m uv pip compile -q --system-certs --upgrade --python-version "$${server#*:}" \
	    --no-annotate --custom-compile-command 'make lock' --override "$$folder/overrides.txt" "$$folder/requirements.in" \
	    -o "$$folder/requirements.txt" || exit; \
	done

clean:
	rm -rf .venv .cache .ansible .hypothesis
