#!/bin/sh
# Build mathesar_VERSION_ARCH.deb in FOLDER, or in dist/: `sh packaging/debian/build.sh [FOLDER]`. Of 1.2.3rc1 the
# package's version is 1.2.3~rc1, which dpkg sorts before 1.2.3; the file's name has no ~, which uploads change.
# PYTHON holds the development environment (.venv); SOURCE_DATE_EPOCH is the last commit's time unless it is set.
# COMPRESSION are options of dpkg-deb: "-Zgzip -z1" takes seconds where xz takes a minute or two.
set -eu
cd "$(dirname "$0")/../.."

for program in dh dpkg-buildpackage; do
    if ! command -v "$program" >/dev/null; then
        echo "Building the Debian package needs $program: sudo apt install debhelper" >&2
        exit 1
    fi
done
: "${SOURCE_DATE_EPOCH:=$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)}"
PYTHON=$(command -v "${PYTHON:-.venv/bin/python}") || { echo "Run this as: make deb" >&2; exit 1; }
case $PYTHON in /*) ;; *) PYTHON=$PWD/$PYTHON ;; esac
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' pyproject.toml)
debian_version=$(echo "$version" | sed 's/[a-z]/~&/')
umask 022

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
source="$place/mathesar-$version"
mkdir "$source"
tar --create --exclude=__pycache__ --exclude=staticfiles --exclude=platforms/assets \
    pyproject.toml README.md LICENSE CHANGELOG.md requirements.lock mathesar provisioner platforms |
    tar --extract --directory "$source" --no-same-owner
cp -R packaging/debian "$source/debian"
cat >"$source/debian/changelog" <<END
mathesar ($debian_version) unstable; urgency=medium

  * What has changed is in changelog.gz.

 -- $(sed -n 's/^Maintainer: //p' packaging/debian/control)  $(date --utc --rfc-email --date "@$SOURCE_DATE_EPOCH")
END
# debhelper lowers times that are later, and an older one of a checkout would stay
find "$source" -exec touch --no-dereference --date "@$SOURCE_DATE_EPOCH" {} +

export PYTHON SOURCE_DATE_EPOCH
if ! (cd "$source" && dpkg-buildpackage --build=binary --no-sign) >"$place/log" 2>&1; then
    tail -n 40 "$place/log" >&2
    exit 1
fi
folder=${1:-dist}
mkdir -p "$folder"
for package in "$place"/*.deb; do
    name=$(echo "${package##*/}" | tr -d '~')
    mv "$package" "$folder/$name"
    echo "$folder/$name"
done
