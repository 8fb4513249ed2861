package snapshotdiff

import (
	"encoding/binary"
	"errors"
	"strconv"
)

// AccessChange is access that somebody gained, lost, or holds in another way.
type AccessChange struct {
	Change     string `json:"change"`
	Old        State  `json:"old"`
	New        State  `json:"new"`
	Privileged bool   `json:"privileged"`
	// Reason is why the access is privileged.
	Reason      string      `json:"reason,omitempty"`
	Principal   Object      `json:"principal"`
	Entitlement Entitlement `json:"entitlement"`
	Resource    Object      `json:"resource"`
	// Through are the groups that the access comes through, or came through where
	// it is lost.
	Through []Object `json:"through,omitempty"`
	// Assignment is how it is assigned, or was where it is lost.
	Assignment *Assignment `json:"assignment,omitempty"`
	// Fields are what changed of an assignment that stays.
	Fields []FieldChange `json:"fields,omitempty"`
	// ToldBy is what tells the change already.
	ToldBy string `json:"told_by,omitempty"`

	danger danger
	slug   string
	// sources are entitlement ids, before Through is looked up.
	sources []string
	// data is the data set that the row belongs to, where one may be missing.
	data string
	// beside is how many changes its holder has that are told under holders or resources.
	beside int
}

// Kinds of change to access.
const (
	accessGained     = "gained"
	accessLost       = "lost"
	accessDirect     = "became_direct"
	accessDerived    = "became_derived"
	accessReassigned = "assignment_changed"
)

// What tells a change already, so that a report does not tell it again.
const (
	// toldByConsequence is for membership whose holder gained or lost what comes through
	// the group.
	toldByConsequence = "consequence"
	// toldByConsent is for the hold on a consent that came or went.
	toldByConsent = "consent"
	// toldByAccess is for a role at a scope that is there because somebody holds it.
	toldByAccess = "access"
	// toldByParent is for what came or went with what it belongs to.
	toldByParent = "parent"
)

// accessKind is the change from one state to another.
func accessKind(old, recent State) string {
	switch {
	case old == recent:
		return accessReassigned
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

func (c *AccessChange) rank() rank { return c.danger.rank }

// told reports whether another change tells this one.
func (c *AccessChange) told() bool { return c.ToldBy != "" }

// tell lets another change tell this one.
func (c *AccessChange) tell(by string) {
	c.ToldBy = by
	if c.rank().privileged() {
		c.danger = harmlessRest
	}
	c.Privileged, c.Reason = false, ""
}

// encode is the change as a sorter keeps it: nothing that can be worked out or
// looked up again.
func (c *AccessChange) encode() []byte {
	var kind, since, until string
	if c.Assignment != nil {
		kind, since, until = c.Assignment.Kind, c.Assignment.Since, c.Assignment.Until
	}
	parts := []string{
		string(c.Old), string(c.New), c.Principal.Type, c.Principal.ID, c.Entitlement.ID, c.Entitlement.Name,
		c.Resource.Type, c.Resource.ID, c.Resource.Name, string([]byte{c.danger.class, c.danger.place}), c.danger.why, c.slug, c.ToldBy, c.data,
		strconv.Itoa(c.beside), kind, since, until, strconv.Itoa(len(c.Fields)),
	}
	for _, f := range c.Fields {
		parts = append(parts, f.Field, f.Old, f.New)
	}
	parts = append(parts, c.sources...)
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

// rankBytes is how many bytes a rank is kept in.
const rankBytes = 2

var errTorn = errors.New("reading a change back: it is not as it was written")

// partReader takes apart what encode put together.
type partReader struct {
	left []byte
	err  error
}

func (r *partReader) more() bool { return r.err == nil && len(r.left) > 0 }

func (r *partReader) next() string {
	n, size := binary.Uvarint(r.left)
	if size <= 0 || n > uint64(len(r.left)-size) { //nolint:gosec // It is read from what is left.
		r.left, r.err = nil, errTorn
		return ""
	}
	end := size + int(n) //nolint:gosec // It is within what there is.
	part := string(r.left[size:end])
	r.left = r.left[end:]
	return part
}

func (r *partReader) number() int {
	n, err := strconv.Atoi(r.next())
	if err != nil && r.err == nil {
		r.err = errTorn
	}
	return n
}

func decodeAccess(b []byte) (*AccessChange, error) {
	c, r := &AccessChange{}, &partReader{left: b}
	for _, part := range []*string{
		(*string)(&c.Old), (*string)(&c.New), &c.Principal.Type, &c.Principal.ID, &c.Entitlement.ID, &c.Entitlement.Name,
		&c.Resource.Type, &c.Resource.ID, &c.Resource.Name,
	} {
		*part = r.next()
	}
	if place := r.next(); len(place) != rankBytes {
		r.err = errTorn
	} else {
		c.danger.rank = rank{place[0], place[1]}
	}
	for _, part := range []*string{&c.danger.why, &c.slug, &c.ToldBy, &c.data} {
		*part = r.next()
	}
	c.beside = r.number()
	assignment := Assignment{Kind: r.next(), Since: r.next(), Until: r.next()}
	if assignment != (Assignment{}) {
		c.Assignment = &assignment
	}
	for range r.number() {
		if !r.more() {
			r.err = errTorn
			break
		}
		c.Fields = append(c.Fields, FieldChange{Field: r.next(), Old: r.next(), New: r.next()})
	}
	for r.more() {
		c.sources = append(c.sources, r.next())
	}
	c.Change, c.Privileged = accessKind(c.Old, c.New), c.rank().privileged()
	if c.Privileged {
		c.Reason = c.danger.why
	}
	return c, r.err
}
