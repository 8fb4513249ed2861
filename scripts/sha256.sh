#!/bin/sh
# Prints the SHA-256 of files, as Linux and macOS each can.
# Usage: sha256.sh FILE...
set -eu

if command -v sha256sum >/dev/null; then
	exec sha256sum "$@"
fi
exec shasum -a 256 "$@"
