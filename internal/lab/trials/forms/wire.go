package forms

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// someone is what the examples of forms are about.
var someone = sending.Subject{ID: anyID, IDs: []string{anyID}, Names: []string{"a@x", "b@x"}}

const anyID = "11111111-2222-3333-4444-555555555555"

var (
	guid = regexp.MustCompile(`[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}`)
	// Policies of Privileged Identity Management have ids of their own form.
	policy = regexp.MustCompile(`(DirectoryRole|Group)_[^/]+`)
	// So have channels of teams.
	channel = regexp.MustCompile(`19(:|%3A)[^/]+`)
	// A filter can name any number of objects.
	literal   = regexp.MustCompile(`'[^']*'`)
	sameAgain = regexp.MustCompile(`''( or id eq ''|, ?'')+`)
)

// shape is what all requests of one form have in common, as they are sent: path
// and options without the objects that they are about. The options are all that a
// request has, in any order, so that no form has the shape of a plainer one.
func shape(path, query string) (string, bool) {
	options := strings.Split(query, "&")
	for i, o := range options {
		plain, err := url.QueryUnescape(o)
		if err != nil {
			return "", false
		}
		// A kind of service principal is no object, nor is one of a policy's scope.
		switch {
		case strings.Contains(plain, "servicePrincipalType"):
		case strings.Contains(plain, "scopeType"):
			plain = guid.ReplaceAllString(plain, "{id}")
		default:
			plain = sameAgain.ReplaceAllString(literal.ReplaceAllString(plain, "''"), "''")
		}
		options[i] = plain
	}
	slices.Sort(options)
	path = strings.TrimPrefix(path, "/v1.0")
	return guid.ReplaceAllString(channel.ReplaceAllString(policy.ReplaceAllString(path, "{id}"), "{id}"), "{id}") + "?" + strings.Join(options, "&"), true
}

// shapesAt are the shapes of a ladder's requests at a step, by the examples of
// pkg/graph. None means that the step makes the same requests as the one above.
func shapesAt(l *forms.Ladder, step int) []string {
	var found []string
	for _, e := range graph.Examples() {
		if e.Ladder != l || e.Aside || e.Same(step, someone) {
			continue
		}
		for _, ref := range e.Refs(step, someone) {
			path, query, _ := strings.Cut(ref, "?")
			if s, ok := shape(path, query); ok {
				found = append(found, s)
			}
		}
	}
	return found
}

// refuse refuses the requests of some shapes, alone and in batches, and counts
// under a name how often.
func (s *scene) refuse(name string, shapes []string, how graphsim.Refusal) {
	s.strike(name, graphsim.Rule{Action: how.Action, Match: func(r graphsim.Request) bool {
		got, ok := shape(r.Path, r.Query)
		return ok && r.Method == http.MethodGet && slices.Contains(shapes, got)
	}})
}

// refuseBatches refuses batches as such.
func (s *scene) refuseBatches(name string, how graphsim.Refusal) {
	s.strike(name, graphsim.Rule{On: graphsim.RequestsOnly, Method: http.MethodPost, Path: "/$batch", Action: how.Action})
}

// strike arms a rule under a name.
func (s *scene) strike(name string, rule graphsim.Rule) {
	rule.Name = name
	s.armed = append(s.armed, name)
	s.server.Fault(rule)
}
