package snapshotdiff

import "github.com/conductorone/baton-azure-ad/internal/console/terminal"

// longestName is how many characters of a name a report shows. Names in Entra
// ID have up to 256.
const longestName = 100

// short is a harmless name of at most the usual length.
func short(name string) string {
	n := 0
	for i := range name {
		if n == longestName {
			return terminal.Harmless(name[:i]) + "..."
		}
		n++
	}
	return terminal.Harmless(name)
}
