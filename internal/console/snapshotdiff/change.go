package snapshotdiff

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
	// Of consents.
	fieldScope = "scope"
	// Of assignments.
	fieldKind = "kind"
	fieldEnd  = "end"
)

// What a resource's status is called.
const (
	statusEnabled  = "enabled"
	statusDisabled = "disabled"
)

// Sides of a comparison.
const (
	inOld = "old"
	inNew = "new"
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

func fieldChanges(to []FieldChange, field, old, recent string) []FieldChange {
	if old == recent {
		return to
	}
	return append(to, FieldChange{Field: field, Old: old, New: recent})
}

// ResourceChange is an object that came, went or looks different.
type ResourceChange struct {
	Change string `json:"change"`
	Object
	Parent *Object       `json:"parent,omitempty"`
	Fields []FieldChange `json:"fields,omitempty"`
	// Client is who acts by a consent.
	Client *Object `json:"client,omitempty"`
	// Privileged and Reason are those of consents to what gives much.
	Privileged bool   `json:"privileged,omitempty"`
	Reason     string `json:"reason,omitempty"`
	// ToldBy is what tells the change already.
	ToldBy string `json:"told_by,omitempty"`
}

// side says which snapshot has what came or went.
func (c *ResourceChange) side() string {
	if c.Change == kindRemoved {
		return inOld
	}
	return inNew
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
