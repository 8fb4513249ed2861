package connector

import (
	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"google.golang.org/protobuf/proto"
)

// The resource types. Each names the Graph permissions that reading it needs,
// which the platform shows beside its capabilities.
var (
	userResourceType = newResourceType(typeUser, "User", v2.ResourceType_TRAIT_USER,
		&v2.SkipEntitlementsAndGrants{},
	)
	groupResourceType = newResourceType(typeGroup, "Group", v2.ResourceType_TRAIT_GROUP,
		// Entitlements are the same for every group (StaticEntitlements), and
		// memberships are read for many groups at once.
		&v2.SkipEntitlements{}, &v2.TypeScopedGrants{},
	)
	roleResourceType = newResourceType(typeRole, "Role", v2.ResourceType_TRAIT_ROLE,
		&v2.SkipEntitlements{}, &v2.TypeScopedGrants{},
	)
	applicationResourceType = newResourceType(typeApplication, "Application", v2.ResourceType_TRAIT_APP,
		&v2.TypeScopedEntitlements{}, &v2.TypeScopedGrants{},
	)
)

func newResourceType(id, displayName string, trait v2.ResourceType_Trait, markers ...proto.Message) *v2.ResourceType {
	var annos annotations.Annotations
	annos.Append(markers...)
	annos.Append(capabilityPermissions(id))
	return v2.ResourceType_builder{
		Id:          id,
		DisplayName: displayName,
		Traits:      []v2.ResourceType_Trait{trait},
		Annotations: annos,
	}.Build()
}
