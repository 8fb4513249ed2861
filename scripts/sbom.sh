#!/bin/sh
# Writes the SBOM of a release archive as SPDX JSON, the same for the same
# archive: syft dates a document and gives it a random name, which are replaced
# by the commit's date and the archive's hash. Run by goreleaser.
# Usage: sbom.sh ARCHIVE DOCUMENT VERSION DATE
set -eu

archive="$1"
document="$2"
hash=$(sh ../scripts/sha256.sh "$archive" | cut -d ' ' -f 1)

SYFT_CHECK_FOR_APP_UPDATE=false SYFT_FILE_METADATA_CATALOGER_ENABLED=true \
	syft scan "file:$archive" --quiet --output spdx-json \
	--source-name "$(basename "$archive")" --source-version "$3" >"$document.raw"
sed -E \
	-e "s|\"created\":\"[^\"]*\"|\"created\":\"$4\"|" \
	-e "s|(\"documentNamespace\":\"[^\"]*-)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\"|\1$hash\"|" \
	"$document.raw" >"$document"
rm "$document.raw"
