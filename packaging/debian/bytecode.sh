#!/bin/sh
# Make or remove Python's bytecode beside the modules, for the system's Python: `bytecode make|remove`.
# Without it a start takes several times as long, and the service may not write here.
set -eu
here=/usr/lib/mathesar

remove() { find "$here" -depth -type d -name __pycache__ -exec rm -rf {} +; }

case $1 in
    remove) remove ;;
    make)
        remove   # all files of a release bear one time, by which old bytecode could pass for new
        version=$(/usr/bin/python3 -IS -c 'import sys; print("%d%d" % sys.version_info[:2])')
        for folder in "$here"/py*; do
            case "${folder##*/py}-" in
                "$version"-* | *-"$version"-*) /usr/bin/python3 -IS -m compileall -q -j 0 "$folder" || true ;;
            esac
        done
        ;;
esac
