#!/bin/sh
# Runs the connector once against a simulated tenant and shows the snapshot.
# Usage: demo.sh BIN_DIRECTORY SNAPSHOT
set -eu

bin=$(cd "$1" && pwd)
case "$2" in
/*) snapshot="$2" ;;
*) snapshot="$(pwd)/$2" ;;
esac

tenant=
connector=
dir=$(mktemp -d)

# stop ends a process that this script started and waits until it is gone.
stop() {
	if [ -n "$1" ]; then
		kill "$1" 2>/dev/null || true
		wait "$1" 2>/dev/null || true
	fi
}

# The work file of an unfinished run is of no use here: the next run has a
# tenant at another address.
finish() {
	trap - EXIT INT TERM
	stop "$connector"
	stop "$tenant"
	rm -rf "$dir"
	rm -f "$(dirname "$snapshot")/.$(basename "$snapshot")".*.partial
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Settings for a real tenant or for the ConductorOne platform have no place here.
for name in $(env | sed -n 's/^\(BATON_[A-Z0-9_]*\)=.*/\1/p'); do
	unset "$name"
done

echo "Starting a simulated tenant"
"$bin/graphsim" --size small --seed 1 --addr 127.0.0.1:0 --env-file "$dir/tenant.env" --quiet >"$dir/tenant.log" 2>&1 &
tenant=$!
waited=0
until [ -s "$dir/tenant.env" ]; do
	if ! kill -0 "$tenant" 2>/dev/null || [ "$waited" -ge 300 ]; then
		echo "The simulated tenant did not start:" >&2
		cat "$dir/tenant.log" >&2
		exit 1
	fi
	sleep 0.1
	waited=$((waited + 1))
done
set -a
. "$dir/tenant.env"
set +a

echo "Reading it into $(basename "$snapshot"): some twenty seconds, for Graph's reports have a slow pace"
# The working directory keeps a .baton.yaml of this directory out of the demo.
(cd "$dir" && TMPDIR="$dir" exec "$bin/baton-azure-ad" -f "$snapshot" --log-level error) >"$dir/connector.log" 2>&1 &
connector=$!
if ! wait "$connector"; then
	connector=
	echo "The connector failed:" >&2
	cat "$dir/connector.log" >&2
	exit 1
fi
connector=

stop "$tenant"
tenant=
echo "Stopped the simulated tenant"

echo
"$bin/demo" "$snapshot"

# The page and the questions are about the snapshot alone: the tenant is gone.
echo
page="${snapshot%.c1z}.html"
"$bin/baton-azure-ad" report -f "$snapshot" --out "$page"
echo
echo "Ask it:"
echo "  $1/baton-azure-ad ask -f $2 who-can-become \"Global Administrator\""
echo "  $1/baton-azure-ad ask -f $2 who-can-read-mail"
echo "  $1/baton-azure-ad ask -f $2 expiring --days 30"
