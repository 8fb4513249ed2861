package terminal

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
)

func TestBytesThatAreNotTextAreSpelledOut(t *testing.T) {
	require.Equal(t, `a\xffb`, Harmless("a\xffb"))
	require.Equal(t, `a\u000ab`, Harmless("a\nb"))
	require.Equal(t, "a\nb", HarmlessLines("a\nb"))
}

func TestCellsThatMeanSomethingToASpreadsheet(t *testing.T) {
	for in, want := range map[string]string{
		"Ada": "Ada", "": "", "a=b": "a=b", "Ünal": "Ünal", "=1": "'=1", "+1": "'+1", "-1": "'-1", "@x": "'@x", "＝1": "'＝1", "  =1": "'  =1", "\"=1": "'\"=1",
		"\t=1": `\u0009=1`, "\r=1": `\u000d=1`, "\n=1": "'\n'=1", "a\n=1": "a\n'=1", "a;=1;b": "a;'=1;b", "a; -b": "a;' -b", "x\x1b[2J": `x\u001b[2J`, "\u202egpj": `\u202egpj`,
	} {
		require.Equal(t, want, HarmlessField(in), "%q", in)
	}
}

// FuzzText is about names that decide what a terminal shows.
func FuzzText(f *testing.F) {
	for _, seed := range []string{"", "李 Ørsted", "\x1b]0;owned\a", "\u202etxt.exe", "\u009b31m", "a\r\nb", "\xff\xfe", "\U000e0041", "\x7f", "\ufffd", "\u2028"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		one, lines := Harmless(s), HarmlessLines(s)
		require.False(t, strings.ContainsFunc(one, func(r rune) bool { return !unicode.IsGraphic(r) }), "%q", one)
		require.False(t, strings.ContainsFunc(lines, func(r rune) bool { return r != '\n' && !unicode.IsGraphic(r) }), "%q", lines)
		require.Equal(t, one, Harmless(one), "what is harmless stays as it is")
		require.Equal(t, strings.Count(s, "\n"), strings.Count(lines, "\n"))

		raw, err := json.Marshal(s)
		require.NoError(t, err)
		out := HarmlessJSON(raw)
		require.False(t, strings.ContainsFunc(string(out), func(r rune) bool { return !unicode.IsGraphic(r) }), "%q", out)
		var before, after string
		require.NoError(t, json.Unmarshal(raw, &before))
		require.NoError(t, json.Unmarshal(out, &after))
		require.Equal(t, before, after, "the JSON says something else")
	})
}
