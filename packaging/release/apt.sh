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
if [ -n "${APT_SIGNING_KEY:-}" ]; then
    need gpg "apt install gnupg"
    GNUPGHOME="$place/keys"
    mkdir -m 700 "$GNUPGHOME"
    printf '%s\n' "$APT_SIGNING_KEY" | gpg --batch --quiet --import
    export GNUPGHOME
else
    echo "APT_SIGNING_KEY is not set: the repository is not signed." >&2
fi
unset APT_SIGNING_KEY
sh packaging/apt/repository.sh "$@" "$place/repository"
"$PYTHON" packaging/release/pack.py "$place/repository" "$OUT/mathesar-apt-$VERSION.tar.gz"
