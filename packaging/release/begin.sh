#!/bin/sh
# How each step of a release begins; sourced: `. "$(dirname "$0")/begin.sh"`. A step that lacks a tool ends with 77.
set -eu
cd "$(dirname "$0")/../.."
umask 022
OUT=${OUT:-dist}
PYTHON=${PYTHON:-.venv/bin/python}
export OUT PYTHON
VERSION=$(sed -n 's/^version = "\(.*\)"$/\1/p' pyproject.toml)
: "${SOURCE_DATE_EPOCH:=$(git log -1 --format=%ct 2>/dev/null || echo 315532800)}"
export SOURCE_DATE_EPOCH VERSION
mkdir -p "$OUT"

absent() {
    printf '%s\n' "$*" >&2
    exit 77
}

need() { command -v "$1" >/dev/null 2>&1 || absent "$1 is not on this machine: $2"; }

# Of the image's builders the first that works, as packaging/images/build.sh chooses: for `images`.
engine() {
    for candidate in ${ENGINE:-docker podman buildah}; do
        case $candidate in
            docker) if docker info >/dev/null 2>&1; then echo docker && return; fi ;;
            *) if command -v "$candidate" >/dev/null 2>&1; then echo "$candidate" && return; fi ;;
        esac
    done
    absent "docker (with its daemon running), podman and buildah are not on this machine: images need one"
}

# A published image as platforms and charts name it, name@sha256:digest; without an argument with a digest of zeros:
# nothing was pushed, and nobody can deploy that by accident.
image() {
    zeros=$(printf '%064d' 0)
    name=$(sed -n 's|^Source = "https://github.com/\(.*\)"$|\1|p' pyproject.toml)
    echo "${1:-ghcr.io/$name@sha256:$zeros}" | tr '[:upper:]' '[:lower:]'
}

# Every release on GitHub, a line each: its tag, and whether it is a draft and a pre-release, `true` or `false`.
releases() {
    gh release list --limit 1000 --json tagName,isDraft,isPrerelease \
        --jq '.[] | "\(.tagName) \(.isDraft) \(.isPrerelease)"'
}

# `true` where no higher final version is released, else `false`: then this one is not what people call the latest.
newest() {
    known=$(releases)
    highest=$(printf 'v%s false false\n%s\n' "$VERSION" "$known" |
        sed -n 's/^\(v[0-9.]*\) false false$/\1/p' | sort -V | tail -n 1)
    [ "$highest" = "v$VERSION" ] && echo true || echo false
}

targets() { sed -n 's/^FROM .* AS \(lean\|all-in-one\)$/\1/p' Dockerfile; }
