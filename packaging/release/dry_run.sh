#!/bin/sh
# Every step of a release that leaves nothing behind but files: `make release-dry-run`. Nothing is uploaded. A step whose
# tools are not on this machine is skipped with the reason. The workflow runs the same steps, from the same list.
. "$(dirname "$0")/begin.sh"
rm -rf "$OUT"
mkdir -p "$OUT"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=0
while read -r name command; do
    begun=$(date +%s)
    status=0
    # shellcheck disable=SC2086  # a command and its arguments
    $command >"$log" 2>&1 </dev/null || status=$?
    took=$(($(date +%s) - begun))
    case $status in
        0) printf '✓ %-10s %4s s\n' "$name" "$took" ;;
        77) printf -- '- %-10s skipped: %s\n' "$name" "$(tail -n 1 "$log")" ;;
        *)
            failed=1
            printf '✗ %-10s ended with %s; the end of what it said:\n' "$name" "$status"
            tail -n 15 "$log" | sed 's/^/    /'
            ;;
    esac
done <packaging/release/steps
if [ -f "$OUT/SHA256SUMS" ]; then "$PYTHON" packaging/release/checksums.py --table; fi
exit "$failed"
