package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// words are what the names of files with licences and notices have in them.
var words = []string{"license", "licence", "copying", "notice", "patents"}

// licenceFile reports whether a file of this name holds a licence or a notice,
// and not code.
func licenceFile(name string) bool {
	if slices.Contains([]string{".go", ".s", ".tmpl", ".json"}, filepath.Ext(name)) {
		return false
	}
	return slices.ContainsFunc(words, func(word string) bool {
		return strings.Contains(strings.ToLower(name), word)
	})
}

// phrases are sentences that stand in one kind of licence only, in the spelling
// of normal.
var phrases = []struct{ kind, phrase string }{
	{"Apache-2.0", "apache license version 2.0"},
	{"MPL-2.0", "mozilla public license version 2.0"},
	{"MIT", "permission is hereby granted, free of charge"},
	{"ISC", "distribute this software for any purpose with or without fee"},
	{"BSD", "redistribution and use in source and binary forms"},
	{"Unlicense", "this is free and unencumbered software released into the public domain"},
	{"CC0-1.0", "cc0 1.0 universal"},
	// In every licence of the GNU project; MPL-2.0 only mentions them by name.
	{"GNU", "everyone is permitted to copy and distribute verbatim copies of this license document, but changing it is not allowed"},
	{"GNU", "under the terms of the gnu"},
}

// agreed are the kinds that ask for no more than their text, which is passed on,
// and, for MPL-2.0, for the module's own source, which is public.
var agreed = []string{"Apache-2.0", "BSD", "CC0-1.0", "ISC", "MIT", "MPL-2.0", "Unlicense"}

// kinds names the licences in a text.
func kinds(body string) []string {
	body = normal(body)
	var found []string
	for _, p := range phrases {
		if strings.Contains(body, p.phrase) {
			found = append(found, p.kind)
		}
	}
	return found
}

// normal spells a text in lower case, with one space between words and without
// the comma that only some editions of a licence's title have.
func normal(body string) string {
	body = strings.Join(strings.Fields(strings.ToLower(body)), " ")
	return strings.ReplaceAll(body, "license, version", "license version")
}

// acceptable fails for a module that must not be shipped.
func acceptable(m *module) error {
	if len(m.kinds) == 0 {
		return fmt.Errorf("%s %s has no licence that is known: read what it comes with, and add its wording to scripts/licenses/kinds.go or drop the module", m.name, m.version)
	}
	for _, kind := range m.kinds {
		if !slices.Contains(agreed, kind) {
			return fmt.Errorf("%s %s is under %s, which nobody has agreed to: drop the module, or agree to it in scripts/licenses/kinds.go", m.name, m.version, kind)
		}
	}
	return nil
}
