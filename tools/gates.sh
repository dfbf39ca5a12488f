#!/bin/bash
# Runs every gate of tools/gates/ on the tree. COUNTS=file gets "passed failed skipped".
set -u
cd "$(dirname "$0")/.." || exit 1
passed=0
failed=0
skipped=0
for gate in tools/gates/*; do
    [ -x "$gate" ] && [ -f "$gate" ] || continue
    said=$("$gate" 2>&1 </dev/null)
    case $? in
    0) passed=$((passed + 1)) && echo "ok - gate ${gate##*/}" ;;
    77) skipped=$((skipped + 1)) && echo "ok - gate ${gate##*/} # SKIP $said" ;;
    *) failed=$((failed + 1)) && printf 'not ok - gate %s\n%s\n' "${gate##*/}" "$said" ;;
    esac
done
[ -z "${COUNTS:-}" ] || echo "$passed $failed $skipped" >>"$COUNTS"
[ "$failed" -eq 0 ]
