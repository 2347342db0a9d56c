#!/bin/sh
# Build one target of the Dockerfile: `sh packaging/images/build.sh TARGET [arguments for the builder …]`.
# ENGINE=docker|podman|buildah overrides the choice, which is the first of them that works.
set -eu
cd "$(dirname "$0")/../.."
target=$1
shift

works() {
    case $1 in
        docker) docker info >/dev/null 2>&1 ;;   # the program may be there without its daemon
        *) command -v "$1" >/dev/null 2>&1 ;;
    esac
}

engine=${ENGINE:-}
for candidate in docker podman buildah; do
    if [ -z "$engine" ] && works "$candidate"; then engine=$candidate; fi
done

case $engine in
    docker) exec docker build --target "$target" --tag "mathesar:$target" "$@" . ;;
    podman) exec podman build --format docker --target "$target" --tag "mathesar:$target" "$@" . ;;
    buildah) exec buildah bud --format docker --target "$target" --tag "mathesar:$target" "$@" . ;;
    *) echo "Building an image needs docker (with its daemon running), podman or buildah." >&2; exit 1 ;;
esac
