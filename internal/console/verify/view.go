package verify

import (
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// fact is that a principal holds something.
type fact struct{ entitlement, principal string }

// facts are what a snapshot, or Graph, says of one subject.
type facts map[fact]bool

func (f facts) add(entitlement, principal string) { f[fact{entitlement, principal}] = true }

// row is a row of any answer. Each question reads the properties that its rows have.
type row struct {
	ID        string `json:"id"`
	Type      string `json:"@odata.type"`
	Principal string `json:"principalId"`
	Resource  string `json:"resourceId"`
	AppRole   string `json:"appRoleId"`
	Role      string `json:"roleDefinitionId"`
	Scope     string `json:"directoryScopeId"`
}

// view is what is known about one subject, from both sides.
type view struct {
	snapshot *access.Snapshot
	sample   *sample
	subject  subject
	// rows are Graph's answers, one list for each request.
	rows [][]row
	// circle are the ids of the objects between the subject and what it holds: a
	// change of one of them can explain a difference.
	circle map[string]bool
}

// The permissions that most of it takes.
const (
	readMembers      = "GroupMember.Read.All"
	readApplications = "Application.Read.All"
	readRoles        = "RoleManagement.Read.Directory"
)

// What Graph calls the types of rows. An agent's user is a user of a type of its own.
const (
	kindUser      = "user"
	kindAgentUser = "agentUser"
	kindGroup     = "group"
)

// noAppRole is the app role of an assignment to an application that has none
// (https://learn.microsoft.com/graph/api/resources/approleassignment).
const noAppRole = "00000000-0000-0000-0000-000000000000"

func appRoleSlug(id string) string {
	if id == noAppRole {
		return access.SlugDefaultAccess
	}
	return lower(id)
}

// lower is an id as the snapshot has it.
func lower(id string) string { return strings.ToLower(id) }

func isRole(resourceType string) bool {
	return resourceType == access.TypeRole || resourceType == access.TypeScopedRole
}

func isAppRole(h *access.Holding) bool {
	return h.On.Type == access.TypeApplication && h.Slug != access.SlugOwner
}

// splitScoped takes the id of a scoped role apart: the role, and where.
func splitScoped(id string) (string, string) {
	role, scope, _ := strings.Cut(id, "@")
	return role, scope
}

func isOf(r *row, kind string) bool { return strings.EqualFold(r.Type, "#microsoft.graph."+kind) }
