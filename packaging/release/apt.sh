#!/bin/sh
# An apt repository of the Debian packages, as an archive to unpack on a web server. APT_SIGNING_KEY, an armoured secret
# key without a passphrase, signs it; without one it is not signed.
. "$(dirname "$0")/begin.sh"
[ -f packaging/apt/repository.sh ] || absent "packaging/apt/repository.sh is not in this checkout."
need apt-ftparchive "apt install apt-utils"
set -- "$OUT"/*.deb
[ -f "$1" ] || absent "$OUT holds no Debian package."
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
[ -z "${APT_SIGNING_KEY:-}" ] || need gpg "apt install gnupg"
sh packaging/apt/repository.sh "$@" "$place/repository"
"$PYTHON" packaging/release/pack.py "$place/repository" "$OUT/mathesar-apt-$VERSION.tar.gz"
