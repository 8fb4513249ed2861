#!/bin/sh
# Fuzzes each target for a while, one after the other: sh scripts/fuzz.sh 20s.
# What fails is written to testdata/fuzz of its package; committed there, it is
# tried by every go test from then on.
set -eu

go="${GO:-go}"
time="${1:-20s}"
for package in $(grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n 1 dirname | sort -u); do
	for target in $("$go" test -list '^Fuzz' "$package" | grep '^Fuzz'); do
		echo "== $package $target"
		"$go" test "$package" -run '^$' -fuzz "^$target\$" -fuzztime "$time"
	done
done
