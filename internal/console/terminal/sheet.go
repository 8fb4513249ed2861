package terminal

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// starters begin what a spreadsheet takes for a formula. The last four are the wide
// forms of the first, which some take for the same; tabs and returns never get here,
// because HarmlessLines spells them out.
const starters = "=+-@＝＋－＠"

// HarmlessCell is text for a spreadsheet. Whoever may name an object of the tenant
// decides what is in it: a text that a spreadsheet would take for a formula has an
// apostrophe in front, and what hides or reorders characters is spelled out.
func HarmlessCell(s string) string {
	if plain(s) {
		return s
	}
	s = HarmlessLines(s)
	if beginsFormula(s) {
		return "'" + s
	}
	return s
}

// plain texts are what nearly all are: nothing in them means anything to anybody.
func plain(s string) bool {
	if beginsFormula(s) {
		return false
	}
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= unicode.MaxASCII {
			return false
		}
	}
	return true
}

// beginsFormula reports whether a spreadsheet may take the text for a formula. Some
// leave out spaces and line breaks before it, and quotes that are in their way.
func beginsFormula(s string) bool {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, " \n\"'"))
	return strings.ContainsRune(starters, first)
}

// HarmlessField is HarmlessCell for CSV, which half of the world's spreadsheets cut at
// semicolons: after one, too, nothing may begin that looks like a formula.
func HarmlessField(s string) string {
	s = HarmlessCell(s)
	if !strings.ContainsAny(s, ";\n") {
		return s
	}
	var b strings.Builder
	for {
		at := strings.IndexAny(s, ";\n")
		if at < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:at+1])
		if s = s[at+1:]; beginsFormula(s) {
			b.WriteString("'")
		}
	}
}
