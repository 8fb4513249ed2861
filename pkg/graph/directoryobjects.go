package graph

import (
	"errors"
	"fmt"
	"strings"
)

// Reference is a row of a directoryObject collection, as members, owners and
// memberOf give it when only the id is selected
// (https://learn.microsoft.com/graph/api/resources/directoryobject).
type Reference struct {
	ODataType string `json:"@odata.type"`
	ID        string `json:"id"`
}

// ObjectKind is what a directory object is, as far as access goes.
type ObjectKind int

const (
	// KindOther is a type that this client does not know.
	KindOther ObjectKind = iota
	// KindUser is a user, agent users included.
	KindUser
	// KindGroup is a group of any sort.
	KindGroup
	// KindServicePrincipal is a service principal: an application's, a managed
	// identity's or an agent identity's. The row does not always tell which.
	KindServicePrincipal
	// KindDevice is a device.
	KindDevice
	// KindContact is an organizational contact.
	KindContact
	// KindApplication is an application registration.
	KindApplication
	// KindAdministrativeUnit is an administrative unit.
	KindAdministrativeUnit
	// KindDirectoryRole is an activated directory role.
	KindDirectoryRole
	// KindOtherTenant is a principal of another tenant, a partner's for one, that
	// is a row here and not an object.
	KindOtherTenant
)

// Derived types of user and servicePrincipal in v1.0
// (https://learn.microsoft.com/graph/api/resources/agentid-platform-overview).
const (
	TypeAgentUser                       = "#microsoft.graph.agentUser"
	TypeAgentIdentity                   = "#microsoft.graph.agentIdentity"
	TypeAgentIdentityBlueprintPrincipal = "#microsoft.graph.agentIdentityBlueprintPrincipal"
)

// TypeAgentIdentityBlueprint is the registration from which agent identities
// are made.
const TypeAgentIdentityBlueprint = "#microsoft.graph.agentIdentityBlueprint"

// Principals of other tenants that hold directory roles
// (https://learn.microsoft.com/graph/api/resources/directoryobjectpartnerreference).
const (
	TypePartnerReference  = "#microsoft.graph.directoryObjectPartnerReference"
	TypeRemoteTenantGroup = "#microsoft.graph.remoteTenantGroup"
)

var kindsByType = map[string]ObjectKind{
	typeUser:                              KindUser,
	TypeAgentUser:                         KindUser,
	"#microsoft.graph.group":              KindGroup,
	"#microsoft.graph.servicePrincipal":   KindServicePrincipal,
	TypeAgentIdentity:                     KindServicePrincipal,
	TypeAgentIdentityBlueprintPrincipal:   KindServicePrincipal,
	"#microsoft.graph.device":             KindDevice,
	"#microsoft.graph.orgContact":         KindContact,
	"#microsoft.graph.application":        KindApplication,
	TypeAgentIdentityBlueprint:            KindApplication,
	"#microsoft.graph.administrativeUnit": KindAdministrativeUnit,
	"#microsoft.graph.directoryRole":      KindDirectoryRole,
	TypePartnerReference:                  KindOtherTenant,
	TypeRemoteTenantGroup:                 KindOtherTenant,
}

// Kind is what the object is.
func (r Reference) Kind() ObjectKind {
	if r.ODataType == typeUser { // Most of a tenant's rows are users.
		return KindUser
	}
	return kindsByType[r.ODataType]
}

const typeUser = "#microsoft.graph.user"

var kindNames = map[ObjectKind]string{
	KindOther:              "other",
	KindUser:               "user",
	KindGroup:              "group",
	KindServicePrincipal:   "service principal",
	KindDevice:             "device",
	KindContact:            "contact",
	KindApplication:        "application registration",
	KindAdministrativeUnit: "administrative unit",
	KindDirectoryRole:      "directory role",
	KindOtherTenant:        "principal of another tenant",
}

// String is the kind's name in Microsoft's words.
func (k ObjectKind) String() string { return kindNames[k] }

// ExpandLimit is how many rows $expand gives of a relation at most, as documented,
// without a word or a next link when there are more
// (https://learn.microsoft.com/graph/query-parameters#expand).
const ExpandLimit = 20

// Expanded is a relation that came through $expand; nil where the row does not have
// it, which is not the same as an empty one.
type Expanded []Reference

// MaybeCut reports whether rows may be missing, so that the relation must be read
// in full from its own path. largest is the most rows that a relation of the same
// listing has shown, this one included.
//
// Whatever the limit is, it cuts a longer relation to exactly that many rows. As
// largest rows came, the limit is not below that: a relation with fewer rows was
// not cut. One with as many may be at the limit. A limit of one row alone would go
// unnoticed; nobody has seen one, and looking for it would mean reading each
// device's one owner again.
func (e Expanded) MaybeCut(largest int) bool {
	return e == nil || len(e) >= min(max(largest, 2), ExpandLimit)
}

// ErrUntyped says that Graph left out what a directory object is, or which one.
// Passing such a row over would lose whoever it stands for.
var ErrUntyped = errors.New("a directory object came without its type or its id")

// Typed fails if a row does not tell what it is.
func Typed(rows []Reference) error {
	for i := range rows {
		if rows[i].ODataType == "" || rows[i].ID == "" {
			return fmt.Errorf("%w: %s", ErrUntyped, rows[i].ID)
		}
	}
	return nil
}

// IDsOf are the lower-case ids of the rows of one kind.
func IDsOf(rows []Reference, kind ObjectKind) []string {
	var ids []string
	for _, r := range rows {
		if r.Kind() == kind {
			ids = append(ids, strings.ToLower(r.ID))
		}
	}
	return ids
}
