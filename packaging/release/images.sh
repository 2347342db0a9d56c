#!/bin/sh
# `images.sh base`: which digest the base has now, for all of a release's builds, as output `base` of a workflow's step;
# `images.sh build`: the images for this machine's architecture, each as an archive for `docker load`, with its SBOM,
# on the base that BASE_DIGEST (@sha256:…) pins;
# `images.sh push NAME` (ghcr.io/owner/name): load the archives of every architecture, push them, join them under one
# tag each, and note the digests as outputs `lean` and `all_in_one` of a workflow's step. The short tags move only to the
# highest final version, which `gh` knows.
. "$(dirname "$0")/begin.sh"

architecture() {
    case $(uname -m) in
        x86_64) echo amd64 ;;
        aarch64 | arm64) echo arm64 ;;
        *) uname -m ;;
    esac
}

base() {
    name=$(sed -n 's/^ARG BASE=//p' Dockerfile)
    digest=$(docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$name")
    echo "$digest" | grep -qxE 'sha256:[0-9a-f]{64}' || { echo "No digest of $name: $digest" >&2; exit 1; }
    echo "$name@$digest"
    if [ -n "${GITHUB_OUTPUT:-}" ]; then echo "base=@$digest" >>"$GITHUB_OUTPUT"; fi
}

build() {
    engine=$(engine)   # here, so that 77 ends the step
    ENGINE=$engine make --no-print-directory images
    for target in $(targets); do
        archive="$OUT/mathesar-$VERSION-$target-$(architecture).tar"
        rm -f "$archive"
        case $engine in
            docker) docker save --output "$archive" "mathesar:$target" ;;
            podman) podman save --quiet --format docker-archive --output "$archive" "localhost/mathesar:$target" ;;
            buildah) buildah push --quiet "localhost/mathesar:$target" "docker-archive:$archive:mathesar:$target" ;;
        esac
        gzip --no-name --force "$archive"
        if [ -f packaging/images/sbom.sh ]; then list "$target" "${archive%.tar}"; fi
    done
}

# A target's SBOM and provenance, beside its archive and named as it is
list() {
    make --no-print-directory .venv/.run
    place=$(mktemp -d)
    case $engine in
        docker) IMAGE=mathesar:$1 ENGINE=docker sh packaging/images/sbom.sh "$1" "$place" ;;
        *) IMAGE=localhost/mathesar:$1 ENGINE=podman sh packaging/images/sbom.sh "$1" "$place" ;;
    esac
    for file in "$place"/*; do mv "$file" "$2.${file#"$place/mathesar-$1".}"; done
    rmdir "$place"
}

push() {
    need gh "it is on GitHub's runners"
    latest=$(newest)
    for target in $(targets); do
        suffix=$([ "$target" = lean ] || echo "-$target")
        set --
        for archive in "$OUT/mathesar-$VERSION-$target"-*.tar.gz; do
            one=${archive##*-}
            tag="$name:$VERSION$suffix-${one%.tar.gz}"
            docker load --quiet --input "$archive"
            docker tag "mathesar:$target" "$tag"
            docker push --quiet "$tag"
            set -- "$@" "$tag"
        done
        if [ "$latest" = true ]; then
            set -- --tag "$name:$([ "$target" = lean ] && echo latest || echo "$target")" "$@"
        fi
        docker buildx imagetools create --tag "$name:$VERSION$suffix" "$@"
        digest=$(docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$name:$VERSION$suffix")
        echo "$name:$VERSION$suffix@$digest"
        if [ -n "${GITHUB_OUTPUT:-}" ]; then
            echo "$(echo "$target" | tr - _)=$digest" >>"$GITHUB_OUTPUT"
        fi
    done
}

case $1 in
    base) base ;;
    build) build ;;
    push)
        name=$(echo "$2" | tr '[:upper:]' '[:lower:]')
        push
        ;;
esac
