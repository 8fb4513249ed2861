// Package terminal makes text harmless that others wrote: names of directory
// objects, what a server says of itself. Whoever may name an object would
// otherwise decide what a report or an error shows.
package terminal

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Harmless is text for a terminal, on one line: what would move the cursor,
// change colours, hide characters or reorder them is spelled out, and the rest is
// left alone.
func Harmless(s string) string { return harmless(s, false) }

// HarmlessLines is Harmless for text of several lines.
func HarmlessLines(s string) string { return harmless(s, true) }

func harmless(s string, lines bool) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], string(utf8.RuneError)):
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case unicode.IsGraphic(r), r == '\n' && lines:
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

// HarmlessJSON spells out what Harmless does in finished JSON, where it can only
// be inside strings. It stays the same JSON.
func HarmlessJSON(raw []byte) []byte {
	text := string(raw)
	if !strings.ContainsFunc(text, hidden) {
		return raw
	}
	var b strings.Builder
	for _, r := range text {
		if hidden(r) {
			b.WriteString(escaped(r))
		} else {
			b.WriteString(string(r))
		}
	}
	return []byte(b.String())
}

// hidden is what an encoder of JSON leaves as it is and a terminal does not show.
// Below it are only the line breaks and tabs between values.
func hidden(r rune) bool { return r > unicode.MaxASCII-1 && !unicode.IsGraphic(r) }
