#!/bin/sh
# Make or refresh .venv from the locks: `sh packaging/environment.sh run` (to serve) or `dev` (to test and lint too).
set -eu
kind=$1

say() { printf '%s\n' "$*" >&2; }

usable() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; }

find_python() {
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.10 python; do
        if usable "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    say "Mathesar needs Python 3.10 or newer, and found $(python3 --version 2>&1 || echo none)."
    say "Install one, or name it: make PYTHON=/path/to/python3 run"
    return 1
}

if ! usable .venv/bin/python || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    python=$(find_python)
    rm -rf .venv
    if ! "$python" -m venv .venv >/dev/null 2>&1; then
        rm -rf .venv
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        say "Python $version is here, but cannot make virtual environments (modules venv and ensurepip)."
        say "On Debian and Ubuntu: sudo apt install python$version-venv    Then run this again."
        exit 1
    fi
fi

export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore PIP_NO_INPUT=1
say "Installing what requirements-$kind.lock lists into .venv …"
.venv/bin/python -m pip install --quiet --require-hashes -r "requirements-$kind.lock" -r requirements-build.lock
rm -rf mathesar.egg-info   # of an earlier build, it would hide the entry points of this one
.venv/bin/python -m pip install --quiet --no-deps --no-build-isolation --no-index --editable .
touch ".venv/.$kind"
if [ "$kind" = dev ]; then touch .venv/.run; fi  # it holds all of the other
