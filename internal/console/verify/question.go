package verify

import (
	"context"
	"net/url"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// question is one way to ask the tenant what the snapshot says.
type question struct {
	name string
	// lacking is what a refusal lacks.
	lacking string
	// needs are the types that the snapshot has to have: whatever an answer can name.
	needs []string
	// population is the type whose objects the bound is about; empty where nothing is
	// drawn.
	population string
	subjects   func(*sample) []subject
	refs       func(subject) []string
	known      func(context.Context, *view) (facts, error)
	told       func(context.Context, *view) (facts, error)
}

// questions are all of them, in the order of the report.
func questions() []*question {
	members := []string{access.TypeUser, access.TypeGroup}
	principals := append(members, access.TypeApplication, access.TypeManagedIdentity, access.TypeAgentIdentity) //nolint:gocritic // A longer list.
	roles := append(principals, access.TypeRole, access.TypeScopedRole)                                         //nolint:gocritic // A longer list.
	return []*question{
		{
			name: "who holds privileged roles", lacking: readRoles, needs: roles,
			subjects: func(s *sample) []subject { return s.roles },
			refs:     func(r subject) []string { return []string{assignments("roleDefinitionId", r.ID)} },
			known:    roleKnown,
			told:     rolesTold,
		},
		{
			name: "who is assigned to applications", lacking: readApplications, needs: principals, population: access.TypeApplication,
			subjects: func(s *sample) []subject { return s.applications },
			refs: func(a subject) []string {
				return []string{sending.ObjectPath("servicePrincipals", a.ID, "appRoleAssignedTo") + "?$top=999"}
			},
			known: assignedKnown,
			told: func(_ context.Context, v *view) (facts, error) {
				told := facts{}
				for _, r := range v.rows[0] {
					told.add(access.EntitlementID(v.subject.Ref, appRoleSlug(r.AppRole)), lower(r.Principal))
				}
				return told, nil
			},
		},
		{
			name: "groups that people are in", lacking: "User.Read.All and " + readMembers, needs: members, population: access.TypeUser,
			subjects: func(s *sample) []subject { return s.people },
			refs:     func(p subject) []string { return []string{listed("users", p.ID, "transitiveMemberOf")} },
			known: func(ctx context.Context, v *view) (facts, error) {
				return v.heldOn(ctx, func(h *access.Holding) bool { return h.On.Type == access.TypeGroup && h.Slug == access.SlugMember })
			},
			told: groupsTold,
		},
		{
			name: "application roles that people hold", lacking: "Directory.Read.All", needs: principals, population: access.TypeUser,
			subjects: func(s *sample) []subject { return s.people },
			refs: func(p subject) []string {
				return []string{sending.ObjectPath("users", p.ID, "appRoleAssignments") + "?$top=999", listed("users", p.ID, "memberOf")}
			},
			known: func(ctx context.Context, v *view) (facts, error) { return v.heldOn(ctx, isAppRole) },
			told:  appRolesTold,
		},
		{
			name: "directory roles that people hold themselves", lacking: readRoles, needs: roles, population: access.TypeUser,
			subjects: func(s *sample) []subject { return s.people },
			refs:     func(p subject) []string { return []string{assignments("principalId", p.ID)} },
			known: func(ctx context.Context, v *view) (facts, error) {
				return v.heldOn(ctx, func(h *access.Holding) bool { return isRole(h.On.Type) && h.Slug == access.SlugAssigned && h.Direct })
			},
			told: rolesTold,
		},
		{
			name: "members of groups", lacking: readMembers, needs: members, population: access.TypeGroup,
			subjects: func(s *sample) []subject { return s.groups },
			refs:     func(g subject) []string { return []string{listed("groups", g.ID, "members")} },
			known: func(ctx context.Context, v *view) (facts, error) {
				return v.holders(ctx, access.EntitlementID(v.subject.Ref, access.SlugMember), func(h *access.Holding) bool {
					return h.Direct && (h.Principal.Type == access.TypeUser || h.Principal.Type == access.TypeGroup)
				})
			},
			told: func(_ context.Context, v *view) (facts, error) {
				return membersTold(v, kindUser, kindAgentUser, kindGroup), nil
			},
		},
		{
			name: "people in groups through any depth", lacking: readMembers, needs: members, population: access.TypeGroup,
			subjects: func(s *sample) []subject { return s.groups },
			refs:     func(g subject) []string { return []string{listed("groups", g.ID, "transitiveMembers")} },
			known: func(ctx context.Context, v *view) (facts, error) {
				return v.holders(ctx, access.EntitlementID(v.subject.Ref, access.SlugMember), func(h *access.Holding) bool {
					return h.Principal.Type == access.TypeUser
				})
			},
			told: func(_ context.Context, v *view) (facts, error) { return membersTold(v, kindUser, kindAgentUser), nil },
		},
	}
}

// listed is the whole of a relation, by the ids of its objects.
func listed(collection, id, relation string) string {
	return sending.ObjectPath(collection, id, relation) + "?$select=id&$top=999"
}

// assignments are the role assignments with one value of a property
// (https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments).
func assignments(property, id string) string {
	return "/roleManagement/directory/roleAssignments?$filter=" + url.PathEscape(property+" eq "+sending.Literal(id))
}
