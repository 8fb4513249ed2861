package connector

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/conductorone/baton-sdk/pkg/types/grant"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

func TestServicePrincipalsAreNeverMistakenForOneAnother(t *testing.T) {
	for resourceType, sp := range map[string]graph.ServicePrincipalIdentity{
		typeApplication:     {ServicePrincipalType: "Application"},
		typeManagedIdentity: {ServicePrincipalType: "ManagedIdentity"},
		typeAgentIdentity:   {ServicePrincipalType: "ServiceIdentity", ODataType: graph.TypeAgentIdentity},
	} {
		require.Equal(t, resourceType, servicePrincipalType(sp.Kind()))
	}
}

// FuzzID is about ids that are taken apart in another way than they were put
// together.
func FuzzID(f *testing.F) {
	f.Add(typeGroup, someID, slugMember, someID)
	f.Add(typeCredential, someID+":"+someID, slugOwner, "x")
	f.Add(typeScopedRole, someID+"@"+someID, slugAssigned, "AAAAAAAA-0000-0000-0000-000000000001")
	f.Add("", "", "", "\n")
	f.Fuzz(func(t *testing.T, resourceType, id, slug, principal string) {
		if strings.Contains(resourceType, ":") || strings.Contains(slug, ":") {
			return // No type and no slug has a colon.
		}
		of := entitlementOf(resourceType, id, slug)
		require.True(t, proto.Equal(of, entitlementByID(of.GetId())), of.GetId())
		if resourceType != "" && id != "" && utf8.ValidString(resourceType+id+slug+principal) {
			want := grant.NewGrant(resourceRef(resourceType, id), slug, resourceID(typeUser, principal))
			require.True(t, proto.Equal(want, newGrant(of, typeUser, principal)))
		}
		require.Equal(t, objectID(id), objectID(objectID(id)))
		if checked, err := checkedObjectID(resourceID(resourceType, id)); err == nil {
			require.Regexp(t, `^[0-9a-f-]{36}$`, checked, "what is no id is sent to Graph")
		} else {
			require.Equal(t, codes.InvalidArgument, status.Code(err))
		}
		if objectIDForm.MatchString(objectID(id)) && objectIDForm.MatchString(objectID(principal)) {
			parts := scopedRoleIDForm.FindStringSubmatch(scopedRoleID(objectID(id), objectID(principal)))
			require.Equal(t, []string{objectID(id), objectID(principal)}, parts[1:])
			parts = credentialIDForm.FindStringSubmatch(credentialID(objectID(id), principal))
			require.Equal(t, []string{objectID(id), objectID(principal)}, parts[1:])
		}
		_ = entitlementByID(id)
	})
}
