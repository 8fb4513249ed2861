// Package schema says what Graph declares of each kind of object: the properties, how a query may use them, and how
// each follows from the directory (v1.0 metadata, and the reference page of each resource). It does not know of queries
// or answers.
package schema

import (
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// New is every entity type that Graph serves here.
func New() *directory.Schema {
	s := &directory.Schema{Types: map[directory.Kind]*directory.EntityType{}}
	for _, e := range []*directory.EntityType{
		newUserType(), newGroupType(), newServicePrincipalType(), newDeviceType(), newContactType(),
		newAdministrativeUnitType(), newApplicationType(), newDirectoryRoleType(),
		newRoleDefinitionType(), newRoleAssignmentType(), newAppRoleAssignmentType(), newOrganizationType(),
		newRoleAssignmentInstanceType(), newRoleEligibilityInstanceType(), newGroupAssignmentInstanceType(), newGroupEligibilityInstanceType(),
		newFederatedCredentialType(), newConsentType(), newSubscribedSkuType(), newRegistrationDetailsType(), newRiskyUserType(),
		newDirectoryAuditType(), newSignInType(), newPartnerReferenceType(), newRemoteTenantGroupType(),
	} {
		s.Types[e.Kind] = e
	}
	return s
}

// Selectable lists the properties of a kind that a list may select, and those only a single object may.
func Selectable(k directory.Kind) ([]string, []string) {
	var inLists, single []string
	for _, p := range New().Of(k).Props {
		switch {
		case p.Traits&directory.DerivedOnly != 0:
		case p.Traits&directory.SingleOnly != 0:
			single = append(single, p.Name)
		default:
			inLists = append(inLists, p.Name)
		}
	}
	return inLists, single
}
