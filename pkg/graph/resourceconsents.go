package graph

import (
	"regexp"
	"strings"

	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// ResourceConsent is a permission that an application was given in one group or team
// alone (https://learn.microsoft.com/graph/api/resources/resourcespecificpermissiongrant,
// https://learn.microsoft.com/microsoftteams/platform/graph-api/rsc/resource-specific-consent).
type ResourceConsent struct {
	// ClientID and ClientAppID are the object id of the application's service principal
	// and its appId. Microsoft's page has them the other way round than its examples.
	ClientID    string `json:"clientId"`
	ClientAppID string `json:"clientAppId"`
	// Permission is the permission's name, such as TeamSettings.Read.Group.
	Permission string `json:"permission"`
	// Type is ResourceConsentApplication or ResourceConsentDelegated; Microsoft may add
	// others.
	Type string `json:"permissionType"`
}

// The kinds of permissions that can be given so: those that the application uses by
// itself, and those within which it acts for whoever is signed in.
const (
	ResourceConsentApplication = "Application"
	ResourceConsentDelegated   = "Delegated"
)

// resourcePermissionForm is the form of a permission's name.
var resourcePermissionForm = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._-]{0,127}$`)

// Kind is the kind of the permission in Microsoft's spelling; empty for a row that this
// build cannot tell.
func (c *ResourceConsent) Kind() string {
	if !resourcePermissionForm.MatchString(c.Permission) {
		return ""
	}
	for _, kind := range []string{ResourceConsentApplication, ResourceConsentDelegated} {
		if strings.EqualFold(c.Type, kind) {
			return kind
		}
	}
	return ""
}

// GroupResourceConsentsRef is the listing of what applications may do in a group or in
// its team, as ResourceConsent. It takes no options. Permission: GroupMember.Read.All
// (https://learn.microsoft.com/graph/api/group-list-permissiongrants).
func GroupResourceConsentsRef(id string) string {
	return sending.ObjectPath("groups", id, "permissionGrants")
}
