package graphsim

import "strings"

type tokenKind uint8

const (
	tokenNone tokenKind = iota
	tokenWord
	tokenString
	tokenMark // One of ( ) , and :.
)

type token struct {
	kind tokenKind
	text string
}

// tokenize splits a $filter. A word that starts with a digit may hold colons: it is a date.
func tokenize(s string) ([]token, error) {
	var out []token
	for i := 0; i < len(s); {
		switch ch := s[i]; {
		case ch == ' ':
			i++
		case ch == '\'':
			text, used, ok := quoted(s[i:])
			if !ok {
				return nil, badRequest("Invalid filter clause: There is an unterminated string literal at position %d in '%s'.", i, s)
			}
			out = append(out, token{tokenString, text})
			i += used
		case strings.IndexByte("(),:", ch) >= 0:
			out = append(out, token{tokenMark, string(ch)})
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
			out = append(out, token{tokenWord, s[i : i+end]})
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
