package sending

import (
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
)

// Example is a request as the nouns make it, for trying each form of its
// ladder.
type Example struct {
	// Ladder is what is tried.
	Ladder *forms.Ladder
	// Variant tells the examples of one ladder apart; empty where there is one.
	Variant string
	// Needs is what has to be found first, for the request to be about.
	Needs SubjectKind
	// Optional means that a sync goes without what it gives.
	Optional bool
	// Aside is what no sync sends: it shows whether that is right.
	Aside bool

	// At is the request at a step, Together those of one that takes several.
	At       func(step int, s Subject) string
	Together func(s Subject) []string
	// Check reads an answer as a sync would.
	Check func(s *Sender, ref string, body []byte) error
}

// SubjectKind is a kind of object that a request can be about.
type SubjectKind string

// What examples are about.
const (
	SubjectNone           SubjectKind = ""
	SubjectPerson         SubjectKind = "person"
	SubjectGroup          SubjectKind = "group"
	SubjectApplication    SubjectKind = "service principal"
	SubjectAgent          SubjectKind = "agent identity"
	SubjectBlueprint      SubjectKind = "agent identity blueprint principal"
	SubjectRegistration   SubjectKind = "app registration"
	SubjectDevice         SubjectKind = "device"
	SubjectUnit           SubjectKind = "administrative unit"
	SubjectDirectoryRole  SubjectKind = "directory role"
	SubjectDirectoryScope SubjectKind = "scope of a directory role"
	SubjectBlueprintApp   SubjectKind = "agent identity blueprint"
	SubjectRoleGroup      SubjectKind = "group that can hold directory roles"
	SubjectPolicy         SubjectKind = "policy of Privileged Identity Management"
	SubjectPackage        SubjectKind = "access package"
	SubjectTeam           SubjectKind = "team"
	// SubjectChannel is a team and a channel of it, with a slash between.
	SubjectChannel SubjectKind = "channel"
)

// Subject is what a request is about.
type Subject struct {
	// ID is an object's id, or a directoryScopeId.
	ID string
	// IDs are those of several such objects, ID among them, for requests that take
	// several.
	IDs []string
	// Names are sign-in names in Graph's order, for requests about a range.
	Names []string
}

// Refs are the requests that the example sends at a step, in the form of the
// step.
func (e *Example) Refs(step int, s Subject) []string {
	if e.Together != nil {
		return e.Together(s)
	}
	ref := e.At(step, s)
	if e.Ladder.Path != "" {
		ref = e.Ladder.At(step, forms.Parse(ref))
	}
	return []string{ref}
}

// Same reports whether a step makes the same request as the one above it, which a
// sync then passes over.
func (e *Example) Same(step int, s Subject) bool {
	return step > 0 && e.Together == nil && slices.Equal(e.Refs(step, s), e.Refs(step-1, s))
}

// relationOf is the relation that a request expands; empty for none.
func relationOf(r forms.Request) string {
	relation, _, _ := strings.Cut(r.Value("$expand"), "(")
	return relation
}
