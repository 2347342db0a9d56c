#!/bin/sh
# Lay out an apt repository of packages: `sh packaging/apt/repository.sh DEB… FOLDER`. One suite, `stable`, serves all
# distributions, as one package does. FOLDER may hold an earlier one: what is in its pool stays.
# It is signed where there is a key: APT_SIGNING_KEY is a secret key in armour (as a release job has it), else
# GNUPGHOME is a keyring with one. Needs apt-ftparchive (apt-utils) and, to sign, gpg.
set -eu

[ "$#" -ge 2 ] || { echo "usage: repository.sh DEB… FOLDER" >&2; exit 2; }
for folder; do :; done   # the last argument
command -v apt-ftparchive >/dev/null || { echo "This needs apt-ftparchive: sudo apt install apt-utils" >&2; exit 1; }

pool="$folder/pool/main/m/mathesar"
mkdir -p "$pool"
while [ "$#" -gt 1 ]; do
    cp -- "$1" "$pool/"
    shift
done

cd "$folder"
suite=dists/stable
rm -rf dists
for architecture in $(find pool -name '*.deb' | sed 's/.*_\([a-z0-9]*\)\.deb$/\1/' | sort -u); do
    index="$suite/main/binary-$architecture"
    mkdir -p "$index"
    apt-ftparchive --arch "$architecture" packages pool >"$index/Packages"
    gzip --best --no-name --keep "$index/Packages"
    architectures="${architectures:-}${architectures:+ }$architecture"
done
release=$(mktemp)   # outside, or it would list itself
trap 'rm -rf "$release" ${home:+"$home"}' EXIT
option=APT::FTPArchive::Release
apt-ftparchive -o "$option::Origin=mathesar" -o "$option::Label=mathesar" -o "$option::Suite=stable" \
    -o "$option::Codename=stable" -o "$option::Components=main" -o "$option::Architectures=$architectures" \
    release "$suite" >"$release"
install -m 0644 "$release" "$suite/Release"

if [ -n "${APT_SIGNING_KEY:-}" ]; then
    home=$(mktemp -d)
    printf '%s\n' "$APT_SIGNING_KEY" | GNUPGHOME=$home gpg --quiet --batch --import
    GNUPGHOME=$home
    export GNUPGHOME
    unset APT_SIGNING_KEY
fi
if [ -z "${GNUPGHOME:-}" ]; then
    echo "Not signed: neither APT_SIGNING_KEY nor GNUPGHOME is set. apt refuses it but for [trusted=yes]." >&2
    exit 0
fi
gpg --batch --yes --quiet --digest-algo SHA512 --clearsign --output "$suite/InRelease" "$suite/Release"
gpg --batch --yes --quiet --digest-algo SHA512 --armor --detach-sign --output "$suite/Release.gpg" "$suite/Release"
gpg --batch --yes --quiet --export --output mathesar-archive-keyring.gpg
