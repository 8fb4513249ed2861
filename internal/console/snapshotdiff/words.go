package snapshotdiff

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/console/terminal"
)

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

// moment is a time as a person reads it.
func moment(at string) string {
	when, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return short(at)
	}
	return when.UTC().Format("2006-01-02 15:04 MST")
}

// number is a count with its thousands set apart.
func number(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func rowWords(n int) string {
	if n == 1 {
		return "1 row"
	}
	return number(n) + " rows"
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

type counted struct {
	n    int
	what string
}

func countWords(counts []counted) string {
	var words []string
	for _, c := range counts {
		if c.n > 0 {
			words = append(words, number(c.n)+" "+c.what)
		}
	}
	return strings.Join(words, ", ")
}

func fieldWords(fields []FieldChange) string {
	var words []string
	for _, f := range fields {
		switch f.Field {
		case fieldName:
			words = append(words, `renamed, was "`+short(f.Old)+`"`)
		case fieldScope:
			words = append(words, scopeWords(f))
		case fieldLogin:
			words = append(words, "signs in as "+short(f.New)+", was "+short(f.Old))
		default:
			words = append(words, short(f.New)+", was "+short(f.Old))
		}
	}
	if len(words) == 0 {
		return ""
	}
	return ": " + strings.Join(words, "; ")
}

// scopeWords tell which scopes a consent has now that it had not, and the other way round.
func scopeWords(f FieldChange) string {
	was, is := strings.Fields(f.Old), strings.Fields(f.New)
	var words []string
	for _, scope := range is {
		if !slices.Contains(was, scope) {
			words = append(words, "+"+short(scope))
		}
	}
	for _, scope := range was {
		if !slices.Contains(is, scope) {
			words = append(words, "-"+short(scope))
		}
	}
	return strings.Join(words, " ")
}
