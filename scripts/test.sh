#!/bin/sh
# Vets and tests everything. The race detector needs a C compiler on Linux and
# Windows; without one the tests run without it.
set -eu

go="${GO:-go}"
race=-race
if [ "$("$go" env CGO_ENABLED)" != 1 ] && [ "$("$go" env GOOS)" != darwin ]; then
	echo "No C compiler was found: the tests run without the race detector." >&2
	race=
fi

"$go" vet ./...
# The time is for a busy machine; a sync that hangs is found much sooner, by the
# tests' own bounds. The race detector makes syncs ten times slower, so it sees
# syncs of small tenants in the test's own process (-short). All end-to-end tests
# then run without it, more at a time, for most of their time is waiting.
# $race is empty or one flag.
# shellcheck disable=SC2086
"$go" test -timeout 40m -parallel 4 -short $race ./...
"$go" test -timeout 40m -parallel 6 ./internal/lab/e2e
