#!/bin/sh
# Run the tests that need no browser on the oldest Python that we support, and a part of them on the newer ones, unless
# it is the one in .venv; each in an environment that goes again: `sh packaging/pythons.sh [pytest arguments]`.
set -eu
tests="tests/provisioner tests/platforms tests/mathesar/boot tests/mathesar/embedded tests/mathesar/connections
    tests/mathesar/api tests/mathesar/setup tests/mathesar/accounts tests/system/test_own_machine.py"
newer="tests/provisioner --ignore=tests/provisioner/rehearsal tests/mathesar/boot"
own=$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore PIP_NO_INPUT=1

for version in 3.10 3.11 3.12 3.13; do
    [ "$version" != "$own" ] || continue
    found=
    for candidate in "$(command -v "python$version" || true)" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$version".*/bin/python; do
        if "$candidate" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$version')" 2>/dev/null; then
            found=$candidate
            break
        fi
    done
    if [ -z "$found" ] || ! "$found" -m venv "$place/$version" >/dev/null 2>&1; then
        echo "Python $version: not on this machine"
        continue
    fi
    echo "Python $version"
    "$place/$version/bin/pip" install --quiet --require-hashes -r requirements-dev.lock -r requirements-build.lock
    "$place/$version/bin/pip" install --quiet --no-deps --no-build-isolation --no-index --editable .
    case $version in 3.10) chosen=$tests ;; *) chosen=$newer ;; esac
    # shellcheck disable=SC2086 - a list of paths
    "$place/$version/bin/python" -m pytest -q -n 2 --dist loadfile -p no:cacheprovider $chosen "$@"
done
