#!/bin/sh
# Makes the generated files anew in a temporary directory and compares them with
# those in the repository, which are left alone.
# Usage: check-generated.sh CONNECTOR
set -eu

go="${GO:-go}"
connector="$1"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

"$go" build -buildvcs=false -o "$dir/gen" ./pkg/config/gen
(cd "$dir" && ./gen)
gofmt -w "$dir/conf.gen.go"
"$connector" capabilities >"$dir/baton_capabilities.json"
"$connector" config >"$dir/config_schema.json"
# Everything that asks for a permission.
"$connector" permissions --format markdown --provisioning \
	--mailbox-purpose --guest-sponsors --custom-security-attributes --resource-specific-consents --sync-deleted-users --sync-channels --sync-devices --sync-user-risk --exchange --manage-groups --provision-after-grant >"$dir/permissions.md"

stale=0
for file in pkg/config/conf.gen.go baton_capabilities.json config_schema.json docs/permissions.md; do
	if ! diff -u "$file" "$dir/$(basename "$file")"; then
		echo "$file is not up to date: run make generate" >&2
		stale=1
	fi
done
exit "$stale"
