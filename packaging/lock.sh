#!/bin/sh
# Write the locks anew from pyproject.toml, with hashes and no address of a package index. All agree with the first.
#   requirements.lock        what the image holds
#   requirements-run.lock    that, and PostgreSQL's programs for a machine that has none
#   requirements-dev.lock    that, and what tests and checks need
#   requirements-build.lock  what builds this package itself
#   packaging/helm/requirements.lock  what proves the Helm chart
set -eu
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
"${PYTHON:-python3}" -m venv "$tools"
"$tools/bin/pip" install --quiet uv

compile() {
    "$tools/bin/uv" pip compile --quiet --universal --python-version 3.10 --generate-hashes --upgrade \
        --no-emit-index-url --no-header "$@"
}

compile pyproject.toml -o requirements.lock
compile pyproject.toml --extra embedded -c requirements.lock -o requirements-run.lock
compile pyproject.toml --extra embedded --extra dev -c requirements-run.lock -o requirements-dev.lock
echo 'setuptools>=77' | compile - -c requirements-dev.lock -o requirements-build.lock
compile packaging/helm/requirements.in -c requirements-dev.lock -o packaging/helm/requirements.lock
