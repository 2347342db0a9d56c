#!/bin/sh
# An apt repository of the Debian packages, as an archive to unpack on a web server. APT_SIGNING_KEY, an armoured secret
# key without a passphrase, signs it; without one the archive is called unsigned. `apt.sh --signed`, as a release calls
# it, makes none that is not signed.
. "$(dirname "$0")/begin.sh"
if [ "${1:-}" = --signed ] && [ -z "${APT_SIGNING_KEY:-}" ]; then
    echo "APT_SIGNING_KEY is empty or not set, and a release has no unsigned repository: packaging/release/README.md" >&2
    exit 1
fi
[ -f packaging/apt/repository.sh ] || absent "packaging/apt/repository.sh is not in this checkout."
need apt-ftparchive "apt install apt-utils"
set -- "$OUT"/*.deb
[ -f "$1" ] || absent "$OUT holds no Debian package."
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
[ -z "${APT_SIGNING_KEY:-}" ] || need gpg "apt install gnupg"
sh packaging/apt/repository.sh "$@" "$place/repository"
name=mathesar-apt-$VERSION
[ -f "$place/repository/dists/stable/InRelease" ] || name=mathesar-apt-unsigned-$VERSION
"$PYTHON" packaging/release/pack.py "$place/repository" "$OUT/$name.tar.gz"
