#!/bin/sh
# The platforms' files, pinned to the image of this release: `manifests.sh [NAME@sha256:DIGEST]`. They are attached to
# the release and do not replace those in the repository, whose buttons build what a fork holds. Without an argument
# the digest is all zeros: nothing was pushed, and nobody can deploy that by accident.
. "$(dirname "$0")/begin.sh"
zeros=$(printf '0%.0s' 1 2 3 4 5 6 7 8)
zeros=$zeros$zeros$zeros$zeros$zeros$zeros$zeros$zeros
name=$(sed -n 's|^Source = "https://github.com/\(.*\)"$|\1|p' pyproject.toml)
image=$(echo "${1:-ghcr.io/$name@sha256:$zeros}" | tr '[:upper:]' '[:lower:]')
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
"$PYTHON" -m provisioner.cli manifests --image "$image" --output "$place"
"$PYTHON" packaging/release/pack.py "$place" "$OUT/mathesar-manifests-$VERSION.tar.gz"
