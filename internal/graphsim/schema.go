package graphsim

import (
	"slices"
	"strings"
)

// edmType is as much of a property's type as queries need.
type edmType uint8

const (
	edmString edmType = iota
	edmBool
	edmInt
	edmDate
	edmGUID
	edmStrings // Collection of strings.
	edmComplex
	edmComplexes // Collection of complex values.
)

func (e edmType) collection() bool { return e == edmStrings || e == edmComplexes }

// trait is how Graph treats a property.
type trait uint16

const (
	inDefault   trait = 1 << iota // Returned without $select.
	filterable                    // Usable in $filter as it is.
	advanced                      // Usable in $filter with the advanced query headers only.
	sortable                      // Usable in $orderby.
	basic                         // Readable with the ReadBasic permissions.
	singleOnly                    // Refused in a list (user-list: properties kept outside the directory).
	onSelect                      // Needs its own permission; never part of a default.
	derivedOnly                   // Declared by a derived type: on its rows, but not selectable on the base type.
	computed                      // Follows from the state of the tenant, whatever was written of the object.
)

// property is one column of an entity type.
type property struct {
	name   string
	edm    edmType
	traits trait
	get    func(t *Tenant, i int) any // Nil for what the simulated tenant never sets.
	kind   Kind                       // Of the type it belongs to.
	alias  func(t *Tenant, i int) any // Another value that $filter takes for it, or nil.
}

// alsoKnownAs is the property with another value that $filter takes for it.
func (p property) alsoKnownAs(alias func(t *Tenant, i int) any) property {
	p.alias = alias
	return p
}

// entityType is what the schema says about the rows of a collection.
type entityType struct {
	name    string // In the namespace microsoft.graph.
	kind    Kind
	props   []property
	derived func(t *Tenant, i int) string // The derived type of a row, or empty.
	byName  map[string]int
}

const namespace = "microsoft.graph."

func newEntityType(e entityType, props ...[]property) *entityType {
	e.props = slices.Concat(props...)
	e.byName = make(map[string]int, len(e.props))
	for i, p := range e.props {
		e.byName[p.name] = i
		e.props[i].kind = e.kind
	}
	return &e
}

func (e *entityType) property(name string) (property, bool) {
	i, ok := e.byName[name]
	if !ok {
		return property{}, false
	}
	return e.props[i], true
}

// value reads a property of a row; collections are empty, not null, when unset.
func (p property) value(t *Tenant, i int) any {
	if len(t.written.objects) > 0 {
		if v, ok := t.writtenValue(makeRef(p.kind, i), p); ok {
			return v
		}
	}
	if p.get != nil {
		return p.get(t, i)
	}
	return p.unset()
}

// unset is the value of a property nobody has set.
func (p property) unset() any {
	if p.edm.collection() {
		return []string{}
	}
	return nil
}

// unset declares properties the tenant never sets.
func unset(edm edmType, traits trait, names string) []property {
	var out []property
	for name := range strings.FieldsSeq(names) {
		out = append(out, property{name: name, edm: edm, traits: traits})
	}
	return out
}

// text is a string property; an empty string is null.
func text(name string, traits trait, get func(t *Tenant, i int) string) property {
	return property{name: name, traits: traits, get: func(t *Tenant, i int) any { return orNull(get(t, i)) }}
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func flag(name string, traits trait, get func(t *Tenant, i int) bool) property {
	return property{name: name, edm: edmBool, traits: traits, get: func(t *Tenant, i int) any { return get(t, i) }}
}

// trueOrNull is a flag Graph leaves null rather than false, such as onPremisesSyncEnabled.
func trueOrNull(name string, traits trait, get func(t *Tenant, i int) bool) property {
	return property{name: name, edm: edmBool, traits: traits, get: func(t *Tenant, i int) any {
		if get(t, i) {
			return true
		}
		return nil
	}}
}

func date(name string, traits trait, get func(t *Tenant, i int) string) property {
	p := text(name, traits, get)
	p.edm = edmDate
	return p
}

func list(name string, traits trait, get func(t *Tenant, i int) []string) property {
	return property{name: name, edm: edmStrings, traits: traits, get: func(t *Tenant, i int) any { return get(t, i) }}
}

func value(name string, edm edmType, traits trait, get func(t *Tenant, i int) any) property {
	return property{name: name, edm: edm, traits: traits, get: get}
}

// idProperty is on every row.
func idProperty(k Kind) property {
	return text("id", inDefault|filterable|basic|computed, func(t *Tenant, i int) string { return t.id(makeRef(k, i)) })
}

// schema is every entity type by kind. directoryObject, which has no kind, stands for the mixed collections.
type schema struct {
	types map[Kind]*entityType
}

func newSchema() *schema {
	s := &schema{types: map[Kind]*entityType{}}
	for _, e := range []*entityType{
		newUserType(), newGroupType(), newServicePrincipalType(), newDeviceType(), newContactType(),
		newAdministrativeUnitType(), newApplicationType(), newDirectoryRoleType(),
		newRoleDefinitionType(), newRoleAssignmentType(), newAppRoleAssignmentType(), newOrganizationType(),
		newRoleAssignmentInstanceType(), newRoleEligibilityInstanceType(), newGroupAssignmentInstanceType(), newGroupEligibilityInstanceType(),
		newFederatedCredentialType(), newConsentType(), newSubscribedSkuType(), newRegistrationDetailsType(), newRiskyUserType(),
		newDirectoryAuditType(), newSignInType(), newPartnerReferenceType(), newRemoteTenantGroupType(),
	} {
		s.types[e.kind] = e
	}
	return s
}

// of is the entity type of an object.
func (s *schema) of(k Kind) *entityType { return s.types[k] }

// anyDirectoryType is whether some type of directory object has a property: a mixed collection may select it.
func (s *schema) anyDirectoryType(name string) bool {
	for k := KindUser; k <= KindDirectoryRole; k++ {
		if _, ok := s.of(k).property(name); ok {
			return true
		}
	}
	return false
}

// odataType is the full type annotation of an object.
func (s *schema) odataType(t *Tenant, r Ref) string {
	if d := s.derivedType(t, r); d != "" {
		return "#" + namespace + d
	}
	return "#" + namespace + s.of(r.Kind()).name
}

// derivedType is the name of the derived type of an object, or empty.
func (s *schema) derivedType(t *Tenant, r Ref) string {
	e := s.of(r.Kind())
	if e.derived == nil {
		return ""
	}
	return e.derived(t, r.index())
}

// Selectable lists the properties of a kind that a list may select, and those only a single object may.
func Selectable(k Kind) ([]string, []string) {
	var inLists, single []string
	for _, p := range newSchema().of(k).props {
		switch {
		case p.traits&derivedOnly != 0:
		case p.traits&singleOnly != 0:
			single = append(single, p.name)
		default:
			inLists = append(inLists, p.name)
		}
	}
	return inLists, single
}
