package snapshotdiff

import (
	"bytes"
	"fmt"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"google.golang.org/protobuf/types/known/anypb"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// Assignment is how something is assigned: for good, for a time, or by being activated.
type Assignment struct {
	Kind string `json:"kind,omitempty"`
	// Since and Until are in RFC 3339; empty for none.
	Since string `json:"since,omitempty"`
	Until string `json:"until,omitempty"`
}

// metadataOf is a grant's metadata as it is kept; nil where there is none.
func metadataOf(g *v2.Grant) *anypb.Any {
	for _, a := range g.GetAnnotations() {
		if a.MessageIs(&v2.GrantMetadata{}) {
			return a
		}
	}
	return nil
}

// assignmentIn is what metadata says of an assignment; nil where it says nothing of it:
// the times of roles may not have been read.
func assignmentIn(kept *anypb.Any) (*Assignment, error) {
	if kept == nil {
		return nil, nil //nolint:nilnil // Its absence is the answer.
	}
	metadata := &v2.GrantMetadata{}
	if err := kept.UnmarshalTo(metadata); err != nil {
		return nil, fmt.Errorf("reading what a grant says of its assignment: %w", err)
	}
	text := func(key string) string { return metadata.GetMetadata().GetFields()[key].GetStringValue() }
	a := &Assignment{Kind: text("assignmentType"), Since: text("startDateTime"), Until: text("endDateTime")}
	switch {
	case *a == (Assignment{}):
		return nil, nil //nolint:nilnil // Its absence is the answer.
	case a.Kind == "" && a.Until != "":
		a.Kind = access.KindTimeBound
	case a.Kind == "":
		a.Kind = access.KindPermanent
	}
	return a, nil
}

// reassigned is what changed of an assignment that both snapshots have and tell of.
func reassigned(old, recent *v2.Grant) (*Assignment, []FieldChange, error) {
	before, after := metadataOf(old), metadataOf(recent)
	if before == nil || after == nil || bytes.Equal(before.GetValue(), after.GetValue()) {
		return nil, nil, nil
	}
	was, err := assignmentIn(before)
	if err != nil || was == nil {
		return nil, nil, err
	}
	is, err := assignmentIn(after)
	if err != nil || is == nil {
		return nil, nil, err
	}
	fields := fieldChanges(nil, fieldKind, was.Kind, is.Kind)
	if !sameTime(was.Until, is.Until) {
		fields = fieldChanges(fields, fieldEnd, was.Until, is.Until)
	}
	return is, fields, nil
}

// sameTime compares times, not their spelling.
func sameTime(a, b string) bool {
	if a == b {
		return true
	}
	one, errOne := time.Parse(time.RFC3339, a)
	other, errOther := time.Parse(time.RFC3339, b)
	return errOne == nil && errOther == nil && one.Equal(other)
}
