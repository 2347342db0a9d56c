#!/bin/sh
# The SBOM of each Debian package: of each folder of Python packages in it.
. "$(dirname "$0")/begin.sh"
need dpkg-deb "apt install dpkg"
set -- "$OUT"/*.deb
[ -f "$1" ] || absent "$OUT holds no Debian package."
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
for package; do
    name=${package##*/}
    dpkg-deb --extract "$package" "$place/${name%.deb}"
    find "$place/${name%.deb}" -type d -name '*.dist-info' -exec dirname {} + | sort -u >"$place/folders"
    while read -r folder; do
        "$PYTHON" packaging/sbom.py --site-packages "$folder" --name mathesar --version "$VERSION" \
            --out "$OUT/${name%.deb}.${folder##*/}.cdx.json"
    done <"$place/folders"
done
