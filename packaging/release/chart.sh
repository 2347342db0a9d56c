#!/bin/sh
# The Helm chart as `helm install` takes it, of this version and with this release's image by its digest:
# `chart.sh [NAME@sha256:DIGEST]`; without an argument the digest is all zeros, as in manifests.sh. A chart's version is
# a SemVer: of 1.2.3rc1 it is 1.2.3-rc.1, as which Helm takes it for earlier than 1.2.3.
. "$(dirname "$0")/begin.sh"
[ -d packaging/helm/mathesar ] || absent "packaging/helm/mathesar is not in this checkout."
image=$(image "${1:-}")
semver=$(echo "$VERSION" | sed 's/[a-z][a-z]*/-&./')
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cp -R packaging/helm/mathesar "$place/mathesar"
fill() {   # a file, the line as it is, and as it will be: both whole
    sed "s|^$2\$|$3|" "$1" >"$1.new"
    grep -qxF -- "$3" "$1.new" || { echo "${1##*/} has no line: $2" >&2; exit 1; }
    mv "$1.new" "$1"
}
fill "$place/mathesar/Chart.yaml" 'version: .*' "version: $semver"
fill "$place/mathesar/Chart.yaml" 'appVersion: .*' "appVersion: \"$VERSION\""
fill "$place/mathesar/values.yaml" '  repository: ""' "  repository: \"${image%@*}\""
fill "$place/mathesar/values.yaml" '  digest: ""' "  digest: \"${image#*@}\""
"$PYTHON" packaging/release/pack.py "$place/mathesar" "$OUT/mathesar-$semver.tgz" mathesar
