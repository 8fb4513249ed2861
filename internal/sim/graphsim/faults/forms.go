package faults

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
)

// Form is a form of request: what all requests of it have in common. The empty Form is every request.
type Form struct {
	Method  string         // GET when empty.
	Path    *regexp.Regexp // On the path below /v1.0, without the query; nil for every path.
	Query   []string       // Parts that the query has when decoded, such as "$orderby=", "($select=" or "$filter=UserPrincipalName ge".
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
	invalid := Respond(http.StatusBadRequest, api.CodeInvalidFilter, "The  filter is invalid.")
	return []Refusal{
		{"InvalidFilter", invalid},
		{"Request_UnsupportedQuery", Respond(http.StatusBadRequest, api.CodeUnsupportedQuery, "Unsupported Query.")},
		{"BadRequest without text", Respond(http.StatusBadRequest, api.CodeBadSyntax, "")},
		{"no such segment", Respond(http.StatusBadRequest, api.CodeBadSyntax, strings.ReplaceAll(api.MessageMissingSegment, "%s", "x"))},
		{"405", Respond(http.StatusMethodNotAllowed, api.CodeBadRequest, api.MessageMethod)},
		{"415", Respond(http.StatusUnsupportedMediaType, api.CodeBadSyntax, "The media type is not supported.")},
		{"501", Respond(http.StatusNotImplemented, api.CodeNotImplemented, "This operation target is not yet supported.")},
		{"not JSON", InvalidJSON()},
	}
}

// Matches is whether a request has the form.
func (f Form) Matches(r api.Request) bool {
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
