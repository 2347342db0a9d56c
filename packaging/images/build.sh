#!/bin/sh
# Build the images: `sh packaging/images/build.sh [lean|all-in-one|all] [arguments for the builder …]`.
# ENGINE=docker|podman|buildah overrides the choice, which is the first of them that works. The time of the commit is
# the time of everything inside, so that two builds of one commit are the same, to the layers' digests.
# BASE_DIGEST, @sha256:…, pins the base, as a release does.
set -eu
cd "$(dirname "$0")/../.."
targets=${1:-all}
if [ "$#" -gt 0 ]; then shift; fi
if [ "$targets" = all ]; then targets="lean all-in-one"; fi

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

# What is not committed has no revision, and the time is now
if [ -n "$(git status --porcelain 2>/dev/null || echo no clone)" ]; then
    revision='' epoch=${SOURCE_DATE_EPOCH:-$(date +%s)}
else
    revision=$(git rev-parse HEAD) epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
fi
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' pyproject.toml)
created=$(date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ 2>/dev/null || date -u -r "$epoch" +%Y-%m-%dT%H:%M:%SZ)

for target in $targets; do
    set -- --target "$target" --tag "mathesar:$target" --build-arg "SOURCE_DATE_EPOCH=$epoch" \
        --build-arg "VERSION=$version" --build-arg "REVISION=$revision" --build-arg "CREATED=$created" \
        --build-arg "BASE_DIGEST=${BASE_DIGEST:-}" "$@"
    case $engine in
        docker) docker build "$@" . ;;
        podman) podman build --format docker --timestamp "$epoch" "$@" . ;;
        buildah) buildah bud --format docker --timestamp "$epoch" --layers "$@" . ;;
        *) echo "Building an image needs docker (with its daemon running), podman or buildah." >&2; exit 1 ;;
    esac
    shift 12
done
