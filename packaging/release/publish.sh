#!/bin/sh
# Make the release on GitHub with everything in OUT: a draft first, so that nobody sees half of it. It can be run again:
# the draft that a failed upload left is filled and published; what is published is never replaced.
. "$(dirname "$0")/begin.sh"
need gh "it is on GitHub's runners"
kind=$(case $VERSION in *[a-z]*) echo --prerelease ;; esac)
latest=$(newest)
known=$(releases)
case $(echo "$known" | awk -v tag="v$VERSION" '$1 == tag { print $2 }') in
    '')
        # shellcheck disable=SC2086  # one option, or nothing
        gh release create "v$VERSION" --verify-tag --draft $kind --title "Mathesar $VERSION" --notes-file "$OUT/notes.md"
        ;;
    *false*)
        echo "v$VERSION is published already, and stays as it is." >&2
        exit 1
        ;;
esac
find "$OUT" -maxdepth 1 -type f ! -name notes.md -exec gh release upload "v$VERSION" --clobber {} +
gh release edit "v$VERSION" --notes-file "$OUT/notes.md" --draft=false "--latest=$latest"
