#!/bin/sh
# Makes .venv: every tool at its pinned version, and this collection linked in, so that Ansible and pytest find it. Does nothing when that is
# so already. What .venv was made from is noted in it last: an interrupted run, other pins or a moved folder (its scripts hold the path) show.
set -eu
cd -- "$(dirname -- "$0")/.."
lock=tests/requirements/lock.txt
log=.cache/setup.log

fail() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

made_from() {
    pwd
    cat tests/setup.sh "$lock"
}

ready() {
    made_from | cmp -s - .venv/made-from &&
        { [ -z "${PYTHON:-}" ] || [ "$("$PYTHON" -V)" = "$(.venv/bin/python -V)" ]; } &&
        .venv/bin/python -c 'import ansible_collections.identity.scim.plugins' 2>/dev/null
}

# Each candidate is run: pyenv leaves names on the PATH behind which there is no Python. Sets $python.
find_python() {
    [ -n "${PYTHON:-}" ] && set -- "$PYTHON" || set -- python3.13 python3.12 python3.11 python3
    without_venv=
    for python; do
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue
        "$python" -c 'import venv, ensurepip' >/dev/null 2>&1 && return
        without_venv=$python
    done
    [ -z "$without_venv" ] || fail "$without_venv has no venv module; install it (Debian and Ubuntu: apt install python3-venv) and try again."
    fail "Python 3.11 or newer is needed and none was found (tried: $*); install one, or name it: make PYTHON=/path/to/python3.12 test"
}

# uv takes three seconds where pip takes half a minute; pip is there for indexes and proxies that only its own configuration knows.
install() {
    .venv/bin/python -m pip install -q --no-cache-dir --retries 2 --timeout 20 --no-deps "$(grep '^uv==' "$lock")" &&
        { UV_CACHE_DIR=.cache/uv .venv/bin/python -m uv pip install -q --system-certs --no-deps --python .venv/bin/python -r "$lock" ||
            .venv/bin/python -m pip install -q --no-cache-dir --no-deps -r "$lock"; }
}

link_collection() {
    site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    mkdir -p "$site/ansible_collections/identity"
    ln -s ../../../../../.. "$site/ansible_collections/identity/scim"
    ln -s "$site" .venv/collections
}

ready && exit
find_python
printf 'setup: installing the pinned tools into .venv, with %s\n' "$("$python" -V)" >&2
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_USER=0
rm -rf .venv
mkdir -p .cache
"$python" -m venv .venv >"$log" 2>&1 || fail "$python could not make .venv: $(tail -n 1 "$log")"
install >"$log" 2>&1 || fail "the tools could not be installed from PyPI (is it within reach?); all of it in $log, the end: $(tail -n 1 "$log")"
link_collection
made_from >.venv/made-from
