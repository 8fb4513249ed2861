#!/bin/sh
# Builds releases with goreleaser. Usage, from the module's folder:
#   release.sh snapshot DIRECTORY   the commit's release, published nowhere
#   release.sh compare              the same twice, and fails if they differ
#   release.sh publish              the release of the tag that is checked out
# GORELEASER and SYFT name the two programs. A build takes long: what is checked
# out, committed or edited meanwhile has no part in it. The commit is looked up
# once, and the shell has read all functions before the first of them runs.
set -eu

# Another compiler gives other bytes.
GOTOOLCHAIN=$(awk '$1 == "toolchain" { print $2 }' go.mod)
PATH="$(dirname "$SYFT"):$PATH"
export GOTOOLCHAIN PATH
unset GOEXPERIMENT GOAMD64 GOARM64 TAGGED_VERSION
if tag=$(git describe --tags --exact-match --match 'v*' 2>/dev/null); then
	TAGGED_VERSION=${tag#v}
	export TAGGED_VERSION
fi

commit=$(git rev-parse HEAD)
dir=$(mktemp -d)
# The go command takes away the right to write from what it caches.
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# build NAME makes the commit's release in a clone of its own: what is not
# committed has no part in it, and goreleaser finds the remote without which it
# makes up a commit and its date.
build() {
	git clone --quiet --no-checkout . "$dir/$1"
	git -C "$dir/$1" checkout --quiet --detach "$commit"
	skip=
	if ! docker info >/dev/null 2>&1; then
		echo "Docker does not answer: the image is left out." >&2
		skip=--skip=docker
	fi
	# $skip is empty or one flag.
	# shellcheck disable=SC2086
	(cd "$dir/$1" && "$GORELEASER" release --snapshot --clean --timeout 3h --parallelism "${PARALLELISM:-1}" $skip)
}

# hashes prints the hash of everything that would be published.
hashes() {
	cat "$dir/$1"/dist/*_checksums.txt
}

main() {
	case "$1" in
	snapshot)
		build clone
		hashes clone
		rm -rf "$2"
		mv "$dir/clone/dist" "$2"
		;;
	compare)
		build first
		# From nothing, and in a folder whose name is longer.
		mkdir -p "$dir/elsewhere"
		GOCACHE="$dir/cache" build elsewhere/second
		hashes first >"$dir/first.txt"
		hashes elsewhere/second >"$dir/second.txt"
		diff "$dir/first.txt" "$dir/second.txt"
		cat "$dir/second.txt"
		echo "Both builds of $commit are the same."
		;;
	publish)
		"$GORELEASER" release --clean
		;;
	*)
		echo "release.sh: $1 is neither snapshot, compare nor publish" >&2
		exit 2
		;;
	esac
}

main "$@"; exit
