package main

import (
	"slices"
	"strings"
)

// verifyFlag is the flag of a sync that has its snapshot verified.
const verifyFlag = "verify"

// withoutFlags are arguments without some flags of this process's own, none of which
// has a value in an argument of its own: the SDK would hand them on to a command that
// does not know them.
func withoutFlags(arguments []string, names ...string) []string {
	return slices.DeleteFunc(slices.Clone(arguments), func(a string) bool {
		name, _, _ := strings.Cut(a, "=")
		flag, ok := strings.CutPrefix(name, "--")
		return ok && slices.Contains(names, flag)
	})
}
