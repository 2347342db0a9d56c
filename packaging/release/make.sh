#!/bin/sh
# One recipe of the Makefile, if its tools are here: `sh packaging/release/make.sh wheel|deb`.
. "$(dirname "$0")/begin.sh"
make --dry-run "$1" >/dev/null 2>&1 || absent "The Makefile has no recipe named $1."
case $1 in
    deb)
        need dh "apt install debhelper"
        need dpkg-buildpackage "apt install dpkg-dev"
        ;;
esac
exec make --no-print-directory "$1"
