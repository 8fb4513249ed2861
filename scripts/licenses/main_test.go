package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const mit = "MIT License\n\nPermission is hereby granted, free of charge, to any person\n"

func TestAModuleWithoutALicenceWouldBeShipped(t *testing.T) {
	dir := moduleWith(t, map[string]string{"code.go": "package code", "README.md": mit})
	_, err := collect([]module{{name: "example.com/bare", version: "v1.0.0", dir: dir, packages: []string{dir}}})
	require.ErrorContains(t, err, "example.com/bare v1.0.0 has no licence that is known")
}

func TestALicenceOfTheGNUProjectWouldBeShipped(t *testing.T) {
	gnu := "GNU GENERAL PUBLIC LICENSE\nVersion 3, 29 June 2007\n\nEveryone is permitted to copy and distribute verbatim copies\n of this license document, but changing it is not allowed.\n"
	dir := moduleWith(t, map[string]string{"COPYING": gnu, "LICENSE": mit})
	_, err := collect([]module{{name: "example.com/strict", version: "v1.0.0", dir: dir, packages: []string{dir}}})
	require.ErrorContains(t, err, "is under GNU, which nobody has agreed to")
}

func TestMPLWouldBeTakenForTheLicencesItMentions(t *testing.T) {
	mpl := "Mozilla Public License, version 2.0\n\n1.12. “Secondary License” means either the GNU General Public License, Version 2.0, or\n"
	require.Equal(t, []string{"MPL-2.0"}, kinds(mpl))
}

func TestLicencesOfCopiedCodeWouldBeLost(t *testing.T) {
	dir := moduleWith(t, map[string]string{
		"LICENSE":                mit,
		"NOTICE.txt":             "Copyright of the notice",
		"inner/LICENSE-OTHER":    "Redistribution and use in source and binary forms",
		"licenses/BSD-other.txt": "Redistribution and use in source and binary forms, copied",
		"unlinked/LICENSE":       "Mozilla Public License, version 2.0",
	})
	modules := []module{{name: "example.com/full", version: "v1.0.0", dir: dir, packages: []string{filepath.Join(dir, "inner")}}}
	texts, err := collect(modules)
	require.NoError(t, err)
	var out strings.Builder
	require.NoError(t, write(&out, modules, texts))
	for _, kept := range []string{"free of charge", "Copyright of the notice", "binary forms\n", "binary forms, copied", "| example.com/full | v1.0.0 | BSD, MIT |"} {
		require.Contains(t, out.String(), kept)
	}
	require.NotContains(t, out.String(), "Mozilla", "what is not linked is not shipped")
}

func TestATextWouldEndItsOwnFence(t *testing.T) {
	require.Equal(t, "````", fence("a text with\n```\nin it"))
}

// moduleWith makes a folder with these files.
func moduleWith(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, body := range files {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(body), 0o600))
	}
	return dir
}
