#!/bin/bash
# Builds the fuzz targets with clang and runs each for FUZZ_SECONDS: tools/fuzz.sh [BUILD]
# A target is an executable fuzz_NAME; it starts from every folder corpus/NAME below tests/ and
# keeps what it learns in BUILD/learned-NAME. COUNTS=file gets "passed failed skipped".
set -u
cd "$(dirname "$0")/.." || exit 1
build=${1:-build-fuzz}
seconds=${FUZZ_SECONDS:-60}
at_once=$(nproc)

if [ ! -f "$build/build.ninja" ]; then
    CC=clang meson setup "$build" -Dfuzz=true -Db_sanitize=address,undefined -Db_lundef=false \
        --werror || exit 1
fi
ninja -C "$build" build.ninja || exit 1 # so that targets added since it was set up are known
mapfile -t names < <(ninja -C "$build" -t targets all |
    sed -n 's/^\([^:]*fuzz_[a-z0-9_]*\): c_LINKER.*/\1/p' | sort)

# A fuzz target that is written and not built would be a check that cannot fail.
for source in tests/fuzz/fuzz_*.c; do
    target=${source##*/}
    if [[ " ${names[*]} " != *"/${target%.c} "* ]]; then
        echo "not ok - $source is not built as a fuzz target" >&2
        [ -z "${COUNTS:-}" ] || echo 0 1 0 >>"$COUNTS"
        exit 1
    fi
done
ninja -C "$build" "${names[@]}" || exit 1
targets=("${names[@]/#/$build/}")

run_target() { # path of the target
    local name=${1##*/fuzz_} corpora status
    mkdir -p "$build/learned-$name"
    mapfile -t corpora < <(find tests -type d -path "*corpus/$name")
    "$1" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$build/crash-$name-" "$build/learned-$name" "${corpora[@]}" \
        >"$build/fuzz-$name.log" 2>&1 </dev/null
    status=$?
    echo "$status" >"$build/fuzz-$name.status"
}

for target in "${targets[@]}"; do
    while [ "$(jobs -rp | wc -l)" -ge "$at_once" ]; do
        wait -n
    done
    run_target "$target" &
done
wait

passed=0
failed=0
for target in "${targets[@]}"; do
    name=${target##*/fuzz_}
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/fuzz-$name.log")
    if [ "$(cat "$build/fuzz-$name.status")" = 0 ] && [ "${runs:-0}" -gt 0 ]; then
        passed=$((passed + 1))
        echo "ok - fuzz $name: $runs inputs in $seconds s"
    else
        failed=$((failed + 1))
        echo "not ok - fuzz $name, the input is kept as $build/crash-$name-…"
        tail -n 40 "$build/fuzz-$name.log"
    fi
done
[ -z "${COUNTS:-}" ] || echo "$passed $failed 0" >>"$COUNTS"
[ "$failed" -eq 0 ]
