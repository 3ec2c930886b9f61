#!/usr/bin/env bash
# Runs every fuzz target for so many seconds (60 unless told), from the seeds and our own pages, with the compiler that is installed.
# What is found along the way stays in corpus/, which is not kept. Needs cargo-fuzz and a C++ compiler.
set -euo pipefail
cd "$(dirname "$0")/.."
export RUSTC_BOOTSTRAP=1
seconds=${1:-60}
shift || true
targets=("$@")
[ "${#targets[@]}" -gt 0 ] || targets=(ddi plain markdown html control spec)
# No sanitizer: none of this is unsafe, and panics are seen without one.
cargo fuzz build -s none > /dev/null 2>&1
for target in "${targets[@]}"; do
    seeds="fuzz/seeds/$target"
    [ "$target" != spec ] || seeds=../spec-data
    mkdir -p "fuzz/corpus/$target"
    # Such inputs take less than a millisecond; a machine that is busy elsewhere may stop for a second.
    fuzz/target/x86_64-unknown-linux-gnu/release/"$target" "fuzz/corpus/$target" "$seeds" \
        -max_total_time="$seconds" -timeout=5 -max_len=2048 -print_final_stats=1 -artifact_prefix="fuzz/artifacts-$target-" 2> "fuzz/$target.log" || {
        tail -40 "fuzz/$target.log"
        exit 1
    }
    echo "$target: $(awk '/number_of_executed_units/ { print $2 }' "fuzz/$target.log") executions in $seconds s, nothing found"
done
