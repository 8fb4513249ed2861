package snapshotdiff

import (
	"fmt"
	"slices"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// object is a resource in short.
func object(r *v2.Resource) (Object, error) {
	o := Object{Type: r.GetId().GetResourceType(), ID: r.GetId().GetResource(), Name: r.GetDisplayName()}
	if o.Type != typeUser {
		return o, nil
	}
	trait := &v2.UserTrait{}
	annos := annotations.Annotations(r.GetAnnotations())
	if _, err := annos.Pick(trait); err != nil {
		return o, fmt.Errorf("reading the row of user %s: %w", o.ID, err)
	}
	o.Login = trait.GetLogin()
	return o, nil
}

// resourceFields are the fields by which two rows of one object differ.
func resourceFields(old, recent *v2.Resource) ([]FieldChange, error) {
	before, err := object(old)
	if err != nil {
		return nil, err
	}
	after, err := object(recent)
	if err != nil {
		return nil, err
	}
	if before.Type == typeTenant { // Everything else of it is of the sync.
		return fieldChanges(nil, fieldName, before.Name, after.Name), nil
	}
	if before.Type == typeConsent { // Its name is made of its scopes.
		if len(scopesOnlyIn(old, recent))+len(scopesOnlyIn(recent, old)) == 0 {
			return nil, nil
		}
		return fieldChanges(nil, fieldScope, profileText(old, fieldScope), profileText(recent, fieldScope)), nil
	}
	fields := fieldChanges(nil, fieldName, before.Name, after.Name)
	fields = fieldChanges(fields, fieldLogin, before.Login, after.Login)
	return fieldChanges(fields, fieldStatus, statusName(old), statusName(recent)), nil
}

// scopesOnlyIn are the scopes of one row of a consent that the other one lacks.
func scopesOnlyIn(one, other *v2.Resource) []string {
	there := strings.Fields(profileText(other, fieldScope))
	return slices.DeleteFunc(strings.Fields(profileText(one, fieldScope)), func(scope string) bool { return slices.Contains(there, scope) })
}

func statusName(r *v2.Resource) string {
	switch r.GetStatus().GetStatus() {
	case v2.Status_RESOURCE_STATUS_ENABLED:
		return statusEnabled
	case v2.Status_RESOURCE_STATUS_DISABLED:
		return statusDisabled
	case v2.Status_RESOURCE_STATUS_DELETED:
		return "deleted"
	default:
		return "unknown"
	}
}

func profileText(r *v2.Resource, key string) string {
	return r.GetProfile().GetFields()[key].GetStringValue()
}

// dataDeletedUsers is the recycle bin, whose people have a status of their own.
const dataDeletedUsers = "deleted users"

// comparedData are the data sets whose rows are compared. Others add to rows what is
// not.
var comparedData = []string{
	access.DataRoleEligibility, access.DataGroupEligibility, access.DataHiddenMembers, access.DataFederated, access.DataSponsors,
	access.DataInherited, access.DataResourceConsents, access.DataChannels, access.DataChannelMembers,
	access.DataUnits, access.DataLicences, access.DataConsents, access.DataPackages, access.DataCatalogs, dataDeletedUsers,
}

// privilegedData are those without which privileged changes are not seen.
var privilegedData = []string{access.DataRoleEligibility, access.DataGroupEligibility, access.DataConsents}

// dataOf is the data set that access belongs to; empty for those that are always read.
func dataOf(onType, slug string) string {
	switch {
	case (onType == typeRole || onType == typeScopedRole) && slug == slugEligible:
		return access.DataRoleEligibility
	case onType == typeGroup && (slug == access.SlugEligibleMember || slug == access.SlugEligibleOwner):
		return access.DataGroupEligibility
	case onType == typeGroup && strings.Contains(slug, "."): // Of a permission.
		return access.DataResourceConsents
	case slug == access.SlugSponsor:
		return access.DataSponsors
	case slug == access.SlugAgent && onType != typeGroup:
		return access.DataInherited
	case onType == access.TypeUnit:
		return access.DataUnits
	case onType == access.TypeChannel:
		return access.DataChannelMembers
	case onType == typeLicense:
		return access.DataLicences
	case onType == typeConsent:
		return access.DataConsents
	case onType == access.TypePackage:
		return access.DataPackages
	case onType == access.TypePackageCatalog:
		return access.DataCatalogs
	}
	return ""
}

// inherited reports whether access is derived from being an agent of a blueprint, and
// from nothing else.
func inherited(sources []string) bool {
	for _, source := range sources {
		if ref, slug := access.SplitEntitlement(source); dataOf(ref.Type, slug) != access.DataInherited {
			return false
		}
	}
	return len(sources) > 0
}

// kindFederated is the kind of a credential that is trust in another issuer.
const kindFederated = "federatedIdentityCredential"

// dataOfResource is the data set that an object belongs to.
func dataOfResource(r *v2.Resource) string {
	switch r.GetId().GetResourceType() {
	case access.TypeUnit:
		return access.DataUnits
	case access.TypeChannel:
		return access.DataChannels
	case typeLicense:
		return access.DataLicences
	case typeConsent:
		return access.DataConsents
	case access.TypePackage:
		return access.DataPackages
	case access.TypePackageCatalog:
		return access.DataCatalogs
	case typeCredential:
		if profileText(r, "kind") == kindFederated {
			return access.DataFederated
		}
	case typeUser:
		if r.GetStatus().GetStatus() == v2.Status_RESOURCE_STATUS_DELETED {
			return dataDeletedUsers
		}
	}
	return ""
}
