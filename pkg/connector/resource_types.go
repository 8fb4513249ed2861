package connector

import (
	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"
	"google.golang.org/protobuf/proto"
)

// The resource types. Each names the Graph permissions that reading it needs,
// which the platform shows beside its capabilities. Entitlements that are the
// same for every resource of a type are static, and grants are read for many
// resources at once.
var (
	userResourceType = newResourceType(typeUser, "User", v2.ResourceType_TRAIT_USER,
		&v2.SkipEntitlementsAndGrants{},
	)
	groupResourceType = newResourceType(typeGroup, "Group", v2.ResourceType_TRAIT_GROUP,
		// Static but for eligibilities, which few groups offer.
		&v2.TypeScopedEntitlements{}, &v2.TypeScopedGrants{},
	)
	roleResourceType               = newStaticType(typeRole, "Role", v2.ResourceType_TRAIT_ROLE)
	scopedRoleResourceType         = newStaticType(typeScopedRole, "Scoped role", v2.ResourceType_TRAIT_SCOPE_BINDING)
	administrativeUnitResourceType = newStaticType(typeAdministrativeUnit, "Administrative unit", v2.ResourceType_TRAIT_UNSPECIFIED)
	applicationResourceType        = newResourceType(typeApplication, "Application", v2.ResourceType_TRAIT_APP,
		&v2.TypeScopedEntitlements{}, &v2.TypeScopedGrants{},
	)
	managedIdentityResourceType = newStaticType(typeManagedIdentity, "Managed identity", v2.ResourceType_TRAIT_USER)
	agentIdentityResourceType   = newStaticType(typeAgentIdentity, "Agent identity", v2.ResourceType_TRAIT_AGENT)
	appRegistrationResourceType = newStaticType(typeAppRegistration, "App registration", v2.ResourceType_TRAIT_APP)
	credentialResourceType      = newResourceType(typeCredential, "Credential", v2.ResourceType_TRAIT_SECRET,
		&v2.SkipEntitlementsAndGrants{},
	)
	licenseResourceType  = newStaticType(typeLicense, "License", v2.ResourceType_TRAIT_LICENSE_PROFILE)
	consentResourceType  = newStaticType(typeConsent, "Consent", v2.ResourceType_TRAIT_UNSPECIFIED)
	deviceResourceType   = newStaticType(typeDevice, "Device", v2.ResourceType_TRAIT_MANAGED_DEVICE, &v2.OptInRequired{})
	userRiskResourceType = newResourceType(typeUserRisk, "User risk", v2.ResourceType_TRAIT_SECURITY_INSIGHT,
		&v2.SkipEntitlementsAndGrants{}, &v2.OptInRequired{},
	)
)

// Who can be given what, for the entitlements' grantable-to.
var (
	// grantableToIdentities are those who sign in.
	grantableToIdentities = []*v2.ResourceType{userResourceType, applicationResourceType, managedIdentityResourceType, agentIdentityResourceType}
	// grantableToHolders are those who sign in, and groups for their members.
	grantableToHolders = append([]*v2.ResourceType{groupResourceType}, grantableToIdentities...)
	// grantableToAny are all that can be in a group.
	grantableToAny = append([]*v2.ResourceType{deviceResourceType}, grantableToHolders...)
)

// newStaticType is a type whose entitlements are static and whose grants are
// read for many resources at once.
func newStaticType(id, displayName string, trait v2.ResourceType_Trait, markers ...proto.Message) *v2.ResourceType {
	return newResourceType(id, displayName, trait, append([]proto.Message{&v2.SkipEntitlements{}, &v2.TypeScopedGrants{}}, markers...)...)
}

// ownerEntitlement is the ownership of every resource of a type.
func ownerEntitlement(resourceType, description string) *v2.Entitlement {
	return entitlement.NewOwnershipEntitlement(resourceRef(resourceType, ""), slugOwner,
		entitlement.WithDisplayName("Owner"),
		entitlement.WithDescription(description),
		entitlement.WithGrantableTo(grantableToIdentities...))
}

func newResourceType(id, displayName string, trait v2.ResourceType_Trait, markers ...proto.Message) *v2.ResourceType {
	var annos annotations.Annotations
	annos.Append(markers...)
	annos.Append(capabilityPermissions(id))
	var traits []v2.ResourceType_Trait
	if trait != v2.ResourceType_TRAIT_UNSPECIFIED {
		traits = append(traits, trait)
	}
	return v2.ResourceType_builder{
		Id:          id,
		DisplayName: displayName,
		Traits:      traits,
		Annotations: annos,
	}.Build()
}
