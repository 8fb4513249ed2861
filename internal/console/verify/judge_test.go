package verify

import (
	"fmt"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/lab/handmade"
)

// An entry about somebody who was deleted does not name the groups that they were in,
// and one about a group does not name the group that it is in.
func TestChangeOfALargeGroupWouldBeCalledWrong(t *testing.T) {
	large, nested := access.Ref{Type: access.TypeGroup, ID: "large"}, access.Ref{Type: access.TypeGroup, ID: "nested"}
	member := func(of access.Ref) *v2.Entitlement {
		return v2.Entitlement_builder{Id: access.EntitlementID(of, access.SlugMember), Resource: handmade.Ref(of.Type, of.ID)}.Build()
	}
	file := handmade.File{Types: []string{access.TypeUser, access.TypeGroup}, Entitlements: []*v2.Entitlement{member(large), member(nested)}}
	for i := range 6 {
		file.Resources = append(file.Resources, handmade.Ref(access.TypeUser, fmt.Sprint("person-", i)))
		if i < 4 {
			file.Grants = append(file.Grants, handmade.Grant(member(large), handmade.Ref(access.TypeUser, fmt.Sprint("person-", i))))
		}
	}
	file.Resources = append(file.Resources, handmade.Ref(access.TypeGroup, large.ID), handmade.Ref(access.TypeGroup, nested.ID))
	file.Grants = append(file.Grants, handmade.Grant(member(large), handmade.Ref(access.TypeGroup, nested.ID)))
	snapshot, err := access.Open(t.Context(), file.Write(t), t.TempDir())
	require.NoError(t, err)
	defer func() { require.NoError(t, snapshot.Close(t.Context())) }()
	c := &comparison{Options: Options{Snapshot: snapshot}}
	within, err := c.groupsWithin(t.Context(), large)
	require.NoError(t, err)
	require.Equal(t, []string{"large", "nested"}, within)

	deleted := func(ids ...string) *changes {
		log := newChanges()
		for _, id := range ids {
			log.take(&entry{Category: "UserManagement", Operation: "Delete", Targets: []target{{ID: id, Type: "User"}}})
		}
		return log
	}
	joined := newChanges()
	joined.take(&entry{Category: "GroupManagement", Operation: "Assign", Targets: []target{{ID: "person-5", Type: "User"}, {ID: "nested", Type: "Group"}}})
	for _, c2 := range []struct {
		name    string
		log     *changes
		tenant  int64
		through []string
		want    bool
	}{
		{"two of it were deleted", deleted("person-0", "person-1"), 2, within[:1], true},
		{"fewer were deleted than are missing", deleted("person-0"), 2, within[:1], false},
		{"others were deleted", deleted("person-4", "person-5"), 2, within[:1], false},
		{"somebody was restored", deleted("person-9"), 5, within[:1], true},
		{"somebody came into a group in it", joined, 5, within, true},
		{"that is no direct member", joined, 5, within[:1], false},
		{"nothing happened", newChanges(), 5, within, false},
	} {
		explained, err := c.explained(t.Context(), &tally{of: large, snapshot: 4, tenant: c2.tenant, through: c2.through}, c2.log)
		require.NoError(t, err)
		require.Equal(t, c2.want, explained, c2.name)
	}
}
