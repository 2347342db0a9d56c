#!/bin/sh
# Make the release on GitHub with everything in OUT: a draft first, so that nobody sees half of it.
. "$(dirname "$0")/begin.sh"
need gh "it is on GitHub's runners"
kind=$(case $VERSION in *[a-z]*) echo --prerelease ;; esac)
# shellcheck disable=SC2086  # one option, or nothing
gh release create "v$VERSION" --verify-tag --draft $kind --title "Mathesar $VERSION" --notes-file "$OUT/notes.md"
find "$OUT" -maxdepth 1 -type f ! -name notes.md -exec gh release upload "v$VERSION" {} +
gh release edit "v$VERSION" --draft=false
