#!/bin/sh
# Makes sure that the Debian packages for a purpose are there: tools/packages.sh build [test …]
# Says what is missing and why before it installs anything. Touches neither apt nor the network
# when nothing is missing.
set -eu

list=$(dirname "$0")/packages.txt
purposes=" $* "

wanted() { # lines of the list for the purposes asked for
    while read -r name purpose why; do
        case "$name" in '' | '#'*) continue ;; esac
        case "$purposes" in *" $purpose "*) echo "$name $why" ;; esac
    done <"$list"
}

is_installed() {
    dpkg-query -W -f='${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed
}

missing() {
    wanted | while read -r name why; do
        is_installed "$name" || echo "$name $why"
    done
}

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "this is no Debian: see that these are there, then go on:" >&2
    wanted | while read -r name why; do printf '  %-18s %s\n' "$name" "$why" >&2; done
    exit 0
fi

lacking=$(missing)
if [ -z "$lacking" ]; then
    exit 0
fi
names=$(echo "$lacking" | cut -d' ' -f1 | tr '\n' ' ')
echo "missing Debian packages:"
echo "$lacking" | while read -r name why; do printf '  %-18s %s\n' "$name" "$why"; done

if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo >/dev/null 2>&1; then
    as_root=sudo
else
    echo "neither root nor sudo: have these installed, then run it again:" >&2
    echo "  apt-get install --no-install-recommends $names" >&2
    exit 1
fi

echo "installing them with apt-get"
install="$as_root env DEBIAN_FRONTEND=noninteractive apt-get"
$install -qq update </dev/null || echo "no fresh package lists, trying the ones at hand" >&2
if ! $install -qq install -y --no-install-recommends $names </dev/null; then
    echo "apt-get could not install them; this is the command to try by hand:" >&2
    echo "  apt-get update && apt-get install --no-install-recommends $names" >&2
    exit 1
fi
lacking=$(missing)
if [ -n "$lacking" ]; then
    echo "still missing after apt-get: $(echo "$lacking" | cut -d' ' -f1 | tr '\n' ' ')" >&2
    exit 1
fi
