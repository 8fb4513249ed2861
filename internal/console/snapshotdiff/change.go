package snapshotdiff

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Kinds of change to a resource or an entitlement.
const (
	kindAdded   = "added"
	kindRemoved = "removed"
	kindChanged = "changed"
)

// Fields whose change is reported.
const (
	fieldName   = "name"
	fieldLogin  = "login"
	fieldStatus = "status"
)

// Object refers to a resource. Its names are those of the newer snapshot, or of
// the older one where it is gone.
type Object struct {
	Type  string `json:"type"`
	ID    string `json:"id"`
	Name  string `json:"name,omitempty"`
	Login string `json:"login,omitempty"`
}

// FieldChange is what a field was and is.
type FieldChange struct {
	Field string `json:"field"`
	Old   string `json:"old"`
	New   string `json:"new"`
}

// ResourceChange is an object that came, went or looks different.
type ResourceChange struct {
	Change string `json:"change"`
	Object
	Parent *Object       `json:"parent,omitempty"`
	Fields []FieldChange `json:"fields,omitempty"`
}

// Entitlement is access that can be held.
type Entitlement struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
}

// EntitlementChange is an app role, or the like, that came, went or was renamed
// on a resource that both snapshots have.
type EntitlementChange struct {
	Change string `json:"change"`
	Entitlement
	Resource Object        `json:"resource"`
	Fields   []FieldChange `json:"fields,omitempty"`
}

// State is how somebody holds access.
type State string

// The states. Access that is held directly may be held through groups as well.
const (
	StateNone    State = "none"
	StateDerived State = "derived"
	StateDirect  State = "direct"
)

// AccessChange is access that somebody gained, lost, or holds in another way.
type AccessChange struct {
	Change      string      `json:"change"`
	Old         State       `json:"old"`
	New         State       `json:"new"`
	Privileged  bool        `json:"privileged"`
	Principal   Object      `json:"principal"`
	Entitlement Entitlement `json:"entitlement"`
	Resource    Object      `json:"resource"`
	// Through are the groups that the access comes through, or came through where
	// it is lost.
	Through []Object `json:"through,omitempty"`

	sources []string // Entitlement ids, before Through is looked up.
}

// Kinds of change to access.
const (
	accessGained  = "gained"
	accessLost    = "lost"
	accessDirect  = "became_direct"
	accessDerived = "became_derived"
)

// accessKind is the change from one state to another.
func accessKind(old, recent State) string {
	switch {
	case old == StateNone:
		return accessGained
	case recent == StateNone:
		return accessLost
	case recent == StateDirect:
		return accessDirect
	default:
		return accessDerived
	}
}

func (c *AccessChange) rank() rank { return rankOf(c.Resource.Type, c.Resource.ID) }

// encode is the change as a sorter keeps it: nothing that can be worked out or
// looked up again.
func (c *AccessChange) encode() []byte {
	parts := append([]string{
		string(c.Old), string(c.New), c.Principal.Type, c.Principal.ID, c.Entitlement.ID, c.Entitlement.Name,
		c.Resource.Type, c.Resource.ID, c.Resource.Name,
	}, c.sources...)
	size := 0
	for _, part := range parts {
		size += len(part) + 2
	}
	b := make([]byte, 0, size)
	for _, part := range parts {
		b = appendBytes(b, []byte(part))
	}
	return b
}

func decodeAccess(b []byte) (*AccessChange, error) {
	c := &AccessChange{}
	fixed := []*string{
		(*string)(&c.Old), (*string)(&c.New), &c.Principal.Type, &c.Principal.ID, &c.Entitlement.ID, &c.Entitlement.Name,
		&c.Resource.Type, &c.Resource.ID, &c.Resource.Name,
	}
	r := bufio.NewReader(bytes.NewReader(b))
	for i := 0; ; i++ {
		part, err := readBytes(r)
		switch {
		case errors.Is(err, io.EOF) && i >= len(fixed):
			c.Change, c.Privileged = accessKind(c.Old, c.New), c.rank().privileged()
			return c, nil
		case err != nil:
			return nil, fmt.Errorf("reading a change back: %w", err)
		case i < len(fixed):
			*fixed[i] = string(part)
		default:
			c.sources = append(c.sources, string(part))
		}
	}
}
