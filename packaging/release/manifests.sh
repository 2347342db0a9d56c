#!/bin/sh
# The platforms' files, pinned to the image of this release: `manifests.sh [NAME@sha256:DIGEST]`. They are attached to
# the release and do not replace those in the repository, whose buttons build what a fork holds. Without an argument
# the digest is all zeros.
. "$(dirname "$0")/begin.sh"
image=$(image "${1:-}")
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
"$PYTHON" -m provisioner.cli manifests --image "$image" --output "$place"
"$PYTHON" packaging/release/pack.py "$place" "$OUT/mathesar-manifests-$VERSION.tar.gz"
