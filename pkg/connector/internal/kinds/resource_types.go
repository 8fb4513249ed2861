package kinds

import (
	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"
	"google.golang.org/protobuf/proto"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
)

// The resource types. Each names the Graph permissions that reading it needs,
// which the platform shows beside its capabilities. Entitlements that are the
// same for every resource of a type are static, and grants are read for many
// resources at once.
var (
	TenantResourceType = newResourceType(model.TypeTenant, "Tenant", v2.ResourceType_TRAIT_UNSPECIFIED,
		&v2.SkipEntitlementsAndGrants{},
	)
	UserResourceType = newResourceType(model.TypeUser, "User", v2.ResourceType_TRAIT_USER,
		&v2.SkipEntitlementsAndGrants{},
	)
	GroupResourceType = newResourceType(model.TypeGroup, "Group", v2.ResourceType_TRAIT_GROUP,
		// Static but for eligibilities, which few groups offer.
		&v2.TypeScopedEntitlements{}, &v2.TypeScopedGrants{},
	)
	// Static but for what it takes to activate them.
	RoleResourceType = newResourceType(model.TypeRole, "Role", v2.ResourceType_TRAIT_ROLE,
		&v2.TypeScopedEntitlements{}, &v2.TypeScopedGrants{},
	)
	ScopedRoleResourceType = newResourceType(model.TypeScopedRole, "Scoped role", v2.ResourceType_TRAIT_SCOPE_BINDING,
		&v2.TypeScopedEntitlements{}, &v2.TypeScopedGrants{},
	)
	AdministrativeUnitResourceType = newStaticType(model.TypeAdministrativeUnit, "Administrative unit", v2.ResourceType_TRAIT_UNSPECIFIED)
	ApplicationResourceType        = newResourceType(model.TypeApplication, "Application", v2.ResourceType_TRAIT_APP,
		&v2.TypeScopedEntitlements{}, &v2.TypeScopedGrants{},
	)
	ManagedIdentityResourceType = newStaticType(model.TypeManagedIdentity, "Managed identity", v2.ResourceType_TRAIT_USER)
	// Static but for the agents of blueprints.
	AgentIdentityResourceType = newResourceType(model.TypeAgentIdentity, "Agent identity", v2.ResourceType_TRAIT_AGENT,
		&v2.TypeScopedEntitlements{}, &v2.TypeScopedGrants{},
	)
	AppRegistrationResourceType = newStaticType(model.TypeAppRegistration, "App registration", v2.ResourceType_TRAIT_APP)
	CredentialResourceType      = newResourceType(model.TypeCredential, "Credential", v2.ResourceType_TRAIT_SECRET,
		&v2.SkipEntitlementsAndGrants{},
	)
	LicenseResourceType = newStaticType(model.TypeLicense, "License", v2.ResourceType_TRAIT_LICENSE_PROFILE)
	ConsentResourceType = newStaticType(model.TypeConsent, "Consent", v2.ResourceType_TRAIT_UNSPECIFIED)
	// PartnerPrincipalResourceType signs in, as people of another tenant do.
	PartnerPrincipalResourceType = newResourceType(model.TypePartnerPrincipal, "Partner principal", v2.ResourceType_TRAIT_USER,
		&v2.SkipEntitlementsAndGrants{},
	)
	// A package offers something else than the next: its own policies.
	AccessPackageResourceType = newResourceType(model.TypeAccessPackage, "Access package", v2.ResourceType_TRAIT_UNSPECIFIED,
		&v2.TypeScopedEntitlements{}, &v2.TypeScopedGrants{},
	)
	PackageCatalogResourceType = newStaticType(model.TypePackageCatalog, "Access package catalogue", v2.ResourceType_TRAIT_UNSPECIFIED)

	ChannelResourceType = newStaticType(model.TypeChannel, "Channel", v2.ResourceType_TRAIT_UNSPECIFIED, &v2.OptInRequired{})

	DeviceResourceType   = newStaticType(model.TypeDevice, "Device", v2.ResourceType_TRAIT_MANAGED_DEVICE, &v2.OptInRequired{})
	UserRiskResourceType = newResourceType(model.TypeUserRisk, "User risk", v2.ResourceType_TRAIT_SECURITY_INSIGHT,
		&v2.SkipEntitlementsAndGrants{}, &v2.OptInRequired{},
	)
)

// Who can be given what, for the entitlements' grantable-to.
var (
	// GrantableToIdentities are those who sign in.
	GrantableToIdentities = []*v2.ResourceType{UserResourceType, ApplicationResourceType, ManagedIdentityResourceType, AgentIdentityResourceType}
	// GrantableToHolders are those who sign in, and groups for their members.
	GrantableToHolders = append([]*v2.ResourceType{GroupResourceType}, GrantableToIdentities...)
	// GrantableToAny are all that can be in a group.
	GrantableToAny = append([]*v2.ResourceType{DeviceResourceType}, GrantableToHolders...)
)

// newStaticType is a type whose entitlements are static and whose grants are
// read for many resources at once.
func newStaticType(id, displayName string, trait v2.ResourceType_Trait, markers ...proto.Message) *v2.ResourceType {
	return newResourceType(id, displayName, trait, append([]proto.Message{&v2.TypeScopedEntitlements{}, &v2.TypeScopedGrants{}}, markers...)...)
}

// OwnerEntitlement is the ownership of every resource of a type.
func OwnerEntitlement(resourceType, description string) *v2.Entitlement {
	return entitlement.NewOwnershipEntitlement(model.ResourceRef(resourceType, ""), model.SlugOwner,
		entitlement.WithDisplayName("Owner"),
		entitlement.WithDescription(description),
		entitlement.WithGrantableTo(GrantableToIdentities...))
}

func newResourceType(id, displayName string, trait v2.ResourceType_Trait, markers ...proto.Message) *v2.ResourceType {
	var annos annotations.Annotations
	annos.Append(markers...)
	annos.Append(decide.CapabilityPermissions(id))
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
