#!/bin/sh
# List what is inside a built image, beside it: `sh packaging/images/sbom.sh lean|all-in-one [FOLDER, dist by default]`.
# FOLDER/mathesar-TARGET.cdx.json is a CycloneDX SBOM, made with the image's own Python from what the build wrote down;
# FOLDER/mathesar-TARGET.provenance.json says what it was built from. PYTHON (python3) needs the library `packaging`.
set -eu
cd "$(dirname "$0")/../.."
target=$1
folder=${2:-dist}
name=${IMAGE:-localhost/mathesar:$target}
engine=${ENGINE:-$(command -v docker >/dev/null 2>&1 && docker info >/dev/null 2>&1 && echo docker || echo podman)}
library=$(dirname "$(dirname "$("${PYTHON:-python3}" -c 'import packaging; print(packaging.__file__)')")")
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' pyproject.toml)
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 1577836800)}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

# The second list is in the all-in-one image only
"$engine" run --rm --network none --user 0 --volume "$folder:/out" --volume "$PWD/packaging:/sbom:ro" \
    --volume "$library/packaging:/library/packaging:ro" --env PYTHONPATH=/library --env "SOURCE_DATE_EPOCH=$epoch" \
    --tmpfs /tmp "$name" sh -c "cat /usr/share/mathesar/system.tsv > /tmp/system.tsv
        [ ! -e /opt/postgresql/postgresql.tsv ] || cat /opt/postgresql/postgresql.tsv >> /tmp/system.tsv
        python /sbom/sbom.py --site-packages /opt/mathesar/lib/python3*/site-packages --system /tmp/system.tsv \
            --name mathesar --version $version --out /out/mathesar-$target.cdx.json"

"$engine" image inspect "$name" | "${PYTHON:-python3}" -c '
import json, sys
image = json.load(sys.stdin)[0]
labels = image["Config"]["Labels"]
statement = {
    "image": sys.argv[1],
    "id": image["Id"],
    "layers": image["RootFS"]["Layers"],
    "source": labels.get("org.opencontainers.image.source"),
    "revision": labels.get("org.opencontainers.image.revision") or None,
    "version": labels.get("org.opencontainers.image.version"),
    "created": labels.get("org.opencontainers.image.created"),
    "target": sys.argv[2],
    "base": labels.get("org.mathesar.image.built-with"),
}
json.dump(statement, sys.stdout, indent=2)
print()
' "$name" "$target" > "$folder/mathesar-$target.provenance.json"
