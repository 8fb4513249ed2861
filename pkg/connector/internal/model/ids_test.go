package model

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/conductorone/baton-sdk/pkg/types/grant"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/fake"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

func TestServicePrincipalsAreNeverMistakenForOneAnother(t *testing.T) {
	for resourceType, sp := range map[string]graph.ServicePrincipalIdentity{
		TypeApplication:     {ServicePrincipalType: "Application"},
		TypeManagedIdentity: {ServicePrincipalType: "ManagedIdentity"},
		TypeAgentIdentity:   {ServicePrincipalType: "ServiceIdentity", ODataType: graph.TypeAgentIdentity},
	} {
		require.Equal(t, resourceType, ServicePrincipalType(sp.Kind()))
	}
}

// FuzzID is about ids that are taken apart in another way than they were put
// together.
func FuzzID(f *testing.F) {
	f.Add(TypeGroup, fake.SomeID, SlugMember, fake.SomeID)
	f.Add(TypeCredential, fake.SomeID+":"+fake.SomeID, SlugOwner, "x")
	f.Add(TypeScopedRole, fake.SomeID+"@"+fake.SomeID, SlugAssigned, "AAAAAAAA-0000-0000-0000-000000000001")
	f.Add("", "", "", "\n")
	f.Fuzz(func(t *testing.T, resourceType, id, slug, principal string) {
		if strings.Contains(resourceType, ":") || strings.Contains(slug, ":") {
			return // No type and no slug has a colon.
		}
		of := EntitlementOf(resourceType, id, slug)
		require.True(t, proto.Equal(of, EntitlementByID(of.GetId())), of.GetId())
		if resourceType != "" && id != "" && utf8.ValidString(resourceType+id+slug+principal) {
			want := grant.NewGrant(ResourceRef(resourceType, id), slug, ResourceID(TypeUser, principal))
			require.True(t, proto.Equal(want, NewGrant(of, TypeUser, principal)))
		}
		require.Equal(t, ObjectID(id), ObjectID(ObjectID(id)))
		if checked, err := CheckedObjectID(ResourceID(resourceType, id)); err == nil {
			require.Regexp(t, `^[0-9a-f-]{36}$`, checked, "what is no id is sent to Graph")
		} else {
			require.Equal(t, codes.InvalidArgument, status.Code(err))
		}
		if ObjectIDForm.MatchString(ObjectID(id)) && ObjectIDForm.MatchString(ObjectID(principal)) {
			parts := ScopedRoleIDForm.FindStringSubmatch(ScopedRoleID(ObjectID(id), ObjectID(principal)))
			require.Equal(t, []string{ObjectID(id), ObjectID(principal)}, parts[1:])
			parts = CredentialIDForm.FindStringSubmatch(CredentialID(ObjectID(id), principal))
			require.Equal(t, []string{ObjectID(id), ObjectID(principal)}, parts[1:])
		}
		_ = EntitlementByID(id)
	})
}
