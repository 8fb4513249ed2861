package snapshotdiff

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// longestName is how many characters of a name a report shows. Names in Entra
// ID have up to 256.
const longestName = 100

// short is a harmless name of at most the usual length.
func short(name string) string {
	n := 0
	for i := range name {
		if n == longestName {
			return harmless(name[:i]) + "..."
		}
		n++
	}
	return harmless(name)
}

// harmless is text for a terminal: what would move the cursor, change colours,
// hide characters or reorder them is spelled out, and the rest is left alone.
// Whoever may name an object would otherwise decide what a report says.
func harmless(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], string(utf8.RuneError)):
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case unicode.IsGraphic(r):
			b.WriteString(string(r))
		default:
			b.WriteString(escaped(r))
		}
	}
	return b.String()
}

// escaped is a character spelled out as JSON does.
func escaped(r rune) string {
	if high, low := utf16.EncodeRune(r); high != unicode.ReplacementChar {
		return fmt.Sprintf(`\u%04x\u%04x`, high, low)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

// harmlessJSON spells out what harmless does in finished JSON, where it can only
// be inside strings. It stays the same JSON.
func harmlessJSON(raw []byte) []byte {
	graphic := true
	for _, r := range string(raw) {
		if r >= utf8.RuneSelf && !unicode.IsGraphic(r) {
			graphic = false
			break
		}
	}
	if graphic {
		return raw
	}
	var b strings.Builder
	for _, r := range string(raw) {
		if r < utf8.RuneSelf || unicode.IsGraphic(r) {
			b.WriteString(string(r))
		} else {
			b.WriteString(escaped(r))
		}
	}
	return []byte(b.String())
}
