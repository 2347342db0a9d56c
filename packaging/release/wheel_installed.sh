#!/bin/sh
# What the wheel is once it is installed with its locked dependencies: the SBOM of that, and every static file, its own
# and theirs, for who serves them from elsewhere.
. "$(dirname "$0")/begin.sh"
wheel="$OUT/mathesar-$VERSION-py3-none-any.whl"
[ -f "$wheel" ] || absent "$wheel has not been built."
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
"$PYTHON" -m venv --without-pip "$place/venv"
into="$place/venv/bin/python"
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore PIP_NO_INPUT=1
"$PYTHON" -m pip --python "$into" install --quiet --only-binary=:all: --require-hashes -r requirements-run.lock
"$PYTHON" -m pip --python "$into" install --quiet --no-deps --no-index "$wheel"
packages=$("$into" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
"$PYTHON" packaging/sbom.py --site-packages "$packages" --lock requirements-run.lock \
    --name mathesar --version "$VERSION" --out "$OUT/mathesar-$VERSION.cdx.json"
(cd "$place" && env -i PATH="$PATH" HOME="$place" MATHESAR_DATA_DIR="$place/data" \
    DJANGO_SETTINGS_MODULE=mathesar.settings "$into" -m django collectstatic --noinput --clear --verbosity 0)
"$PYTHON" packaging/release/pack.py "$packages/mathesar/staticfiles" "$OUT/mathesar-static-$VERSION.tar.gz"
