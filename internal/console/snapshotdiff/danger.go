package snapshotdiff

import (
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/answers/powers"
)

// The classes of access, the most dangerous first.
const (
	// Directory roles that give the whole tenant away, permissions of applications that
	// lead to any role, and ways to either.
	classTopRole byte = iota
	classTakeover
	classTopWay
	// The other privileged roles, and ways to them.
	classPrivileged
	classWay
	// Privileged roles at a scope, and ways to them.
	classPrivilegedScoped
	classScopedWay
	// Permissions of applications that give much.
	classPermission
	// Access to what is not privileged.
	classRole
	classScopedRole
	classRest
)

// last is the place of what has no other in its class.
const last byte = 255

// rank orders access: its class, then the place in it.
type rank struct{ class, place byte }

func (r rank) privileged() bool { return r.class < classRole }

func (r rank) before(other rank) bool {
	return r.class < other.class || r.class == other.class && r.place < other.place
}

// Why roles are privileged.
const (
	whyTopRole        = "gives the whole tenant away, directly or in one step"
	whyPrivilegedRole = "Microsoft labels the role privileged"
	whyScopedRole     = "a privileged role, in a part of the directory"
	whyAssignable     = "the group can be given directory roles"
)

// danger is the rank of access, and for privileged access why it is that.
type danger struct {
	rank
	why string
}

var harmlessRest = danger{rank: rank{class: classRest}}

// dangerOfRole is that of a directory role, in the tenant or at a scope.
func dangerOfRole(resourceType, id string) danger {
	if resourceType == typeRole {
		role, place, ok := powers.PrivilegedRoleOf(id)
		switch {
		case !ok:
			return danger{rank: rank{class: classRole}}
		case role.Tier == 0:
			return danger{rank{classTopRole, byte(place)}, whyTopRole} //nolint:gosec // They are few.
		default:
			return danger{rank{classPrivileged, byte(place)}, whyPrivilegedRole} //nolint:gosec // They are few.
		}
	}
	// A scoped role's id is the role's and the scope's: "<role>@<scope>".
	role, _, _ := strings.Cut(id, "@")
	if _, place, ok := powers.PrivilegedRoleOf(role); ok {
		return danger{rank{classPrivilegedScoped, byte(place)}, whyScopedRole} //nolint:gosec // They are few.
	}
	return danger{rank: rank{class: classScopedRole}}
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
