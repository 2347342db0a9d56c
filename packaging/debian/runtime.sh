#!/bin/sh
# Called by the package python3 when the system's Python becomes another minor version.
set -e
if [ "$1" = rtupdate ]; then
    /usr/lib/mathesar/bytecode make
    if [ -d /run/systemd/system ]; then
        deb-systemd-invoke try-restart mathesar.service || true
    fi
fi
