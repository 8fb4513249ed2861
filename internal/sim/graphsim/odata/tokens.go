package odata

import (
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
)

func isDate(s string) bool {
	_, err := time.Parse(time.RFC3339Nano, s)
	return err == nil
}

// compareDates compares moments, which may be written with and without fractions of a second.
func compareDates(a, b string) int {
	first, errA := time.Parse(time.RFC3339Nano, a)
	second, errB := time.Parse(time.RFC3339Nano, b)
	if errA != nil || errB != nil {
		return strings.Compare(a, b)
	}
	return first.Compare(second)
}

type tokenKind uint8

const (
	tokenNone tokenKind = iota
	tokenWord
	TokenString
	tokenMark // One of ( ) , and :.
)

// Token is a word, a string or a sign of a filter.
type Token struct {
	Kind tokenKind
	Text string
}

// Tokenize splits a $filter. A word that starts with a digit may hold colons: it is a date.
func Tokenize(s string) ([]Token, error) {
	var out []Token
	for i := 0; i < len(s); {
		switch ch := s[i]; {
		case ch == ' ':
			i++
		case ch == '\'':
			text, used, ok := quoted(s[i:])
			if !ok {
				return nil, api.BadRequest("Invalid filter clause: There is an unterminated string literal at position %d in '%s'.", i, s)
			}
			out = append(out, Token{TokenString, text})
			i += used
		case strings.IndexByte("(),:", ch) >= 0:
			out = append(out, Token{tokenMark, string(ch)})
			i++
		default:
			stops := " '(),:"
			if ch >= '0' && ch <= '9' {
				stops = " '(),"
			}
			end := strings.IndexAny(s[i:], stops)
			if end < 0 {
				end = len(s) - i
			}
			out = append(out, Token{tokenWord, s[i : i+end]})
			i += end
		}
	}
	return out, nil
}

// quoted reads a string literal, in which a quote is doubled, and how many bytes it took.
func quoted(s string) (string, int, bool) {
	var out []byte
	for i := 1; i < len(s); i++ {
		if s[i] != '\'' {
			out = append(out, s[i])
			continue
		}
		if i+1 < len(s) && s[i+1] == '\'' {
			out = append(out, '\'')
			i++
			continue
		}
		return string(out), i + 1, true
	}
	return "", 0, false
}
