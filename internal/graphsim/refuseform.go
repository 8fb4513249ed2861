package graphsim

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// Form is a form of request: what all requests of it have in common. The empty Form is every request.
type Form struct {
	Method  string         // GET when empty.
	Path    *regexp.Regexp // On the path below /v1.0, without the query; nil for every path.
	Query   []string       // Parts that the query has when decoded, such as "$orderby=", "($select=" or "$filter=userPrincipalName ge".
	Items   bool           // Only as an item of a batch.
	Single  bool           // Only as a request of its own: a batch is one, of the method POST.
	Ordered bool           // The parts of the query come in this order.
}

// Refusal is how a form is refused, with a name.
type Refusal struct {
	Name   string
	Action Action
}

// Refusals are the ways in which Graph refuses a request for its form, as reported: by codes, by statuses, and with
// success that cannot be read.
func Refusals() []Refusal {
	invalid := Respond(http.StatusBadRequest, codeInvalidFilter, "The  filter is invalid.")
	return []Refusal{
		{"InvalidFilter", invalid},
		{"Request_UnsupportedQuery", Respond(http.StatusBadRequest, codeUnsupportedQuery, "Unsupported Query.")},
		{"BadRequest without text", Respond(http.StatusBadRequest, codeBadSyntax, "")},
		{"no such segment", Respond(http.StatusBadRequest, codeBadSyntax, strings.ReplaceAll(messageMissingSegment, "%s", "x"))},
		{"405", Respond(http.StatusMethodNotAllowed, codeBadRequest, messageMethod)},
		{"415", Respond(http.StatusUnsupportedMediaType, codeBadSyntax, "The media type is not supported.")},
		{"501", Respond(http.StatusNotImplemented, codeNotImplemented, "This operation target is not yet supported.")},
		{"not JSON", InvalidJSON()},
	}
}

// RefuseForm refuses every request of a form, however often it is made, until remove is called. Stats counts them under
// the name of the refusal.
func (s *Server) RefuseForm(form Form, how Refusal) func() {
	on := AnyTarget
	switch {
	case form.Items:
		on = ItemsOnly
	case form.Single:
		on = RequestsOnly
	}
	return s.Fault(Rule{Name: how.Name, On: on, Match: form.matches, Action: how.Action})
}

func (f Form) matches(r Request) bool {
	method := f.Method
	if method == "" {
		method = http.MethodGet
	}
	path := strings.TrimPrefix(r.Path, "/v1.0")
	if r.Method != method || f.Path != nil && !f.Path.MatchString(path) {
		return false
	}
	query, err := url.QueryUnescape(r.Query)
	if err != nil {
		return false
	}
	for _, part := range f.Query {
		at := strings.Index(query, part)
		if at < 0 {
			return false
		}
		if f.Ordered {
			query = query[at+len(part):]
		}
	}
	return true
}
