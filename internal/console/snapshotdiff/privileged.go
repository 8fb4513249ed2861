package snapshotdiff

import (
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/answers/powers"
)

// The classes of access, the most dangerous first.
const (
	classPrivileged = iota
	classPrivilegedScoped
	classRole
	classScopedRole
	classRest
)

// rank orders access: its class, then the privileged role's place in the list.
type rank struct{ class, place byte }

func (r rank) privileged() bool { return r.class <= classPrivilegedScoped }

// rankOf is the rank of access to a resource.
func rankOf(resourceType, id string) rank {
	switch resourceType {
	case typeRole:
		if _, place, ok := powers.PrivilegedRoleOf(id); ok {
			return rank{classPrivileged, byte(place)} //nolint:gosec // They are few.
		}
		return rank{class: classRole}
	case typeScopedRole:
		// A scoped role's id is the role's and the scope's: "<role>@<scope>".
		role, _, _ := strings.Cut(id, "@")
		if _, place, ok := powers.PrivilegedRoleOf(role); ok {
			return rank{classPrivilegedScoped, byte(place)} //nolint:gosec // They are few.
		}
		return rank{class: classScopedRole}
	default:
		return rank{class: classRest}
	}
}

// slugOrder puts access that is held before access that can be activated.
func slugOrder(slug string) byte {
	switch slug {
	case slugAssigned:
		return 0
	case slugEligible:
		return 1
	default:
		return 2
	}
}
