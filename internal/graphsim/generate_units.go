package graphsim

import "fmt"

// Administrative units with a reason to exist have fixed indexes, the same at every size.
const (
	UnitLarge      = iota // More members than one page holds, of every kind.
	UnitDynamic           // Its members follow from a rule.
	UnitRestricted        // Tenant-wide roles do not reach its members.
	UnitHidden            // Its members need Member.Read.Hidden.
	UnitEmpty
	UnitHoldsGroups // Holds groups, whose members are not in the unit.
	firstRandomUnit
)

const largeUnit = 1_100 // More than a page; small tenants have more users than that.

// unitFlags say what sort of administrative unit a unit is.
type unitFlags uint8

const (
	unitDynamic unitFlags = 1 << iota
	unitRestricted
	unitHidden
	unitTyped // Says "Assigned" where others leave the membership type null.
)

// unit is what cannot be derived from an administrative unit's index.
type unit struct {
	flags   unitFlags
	label   string
	members []Ref
}

func unitRef(i int) Ref { return makeRef(KindAdministrativeUnit, i) }

// generateUnits makes the administrative units and their members.
func (t *Tenant) generateUnits() {
	t.units = make([]unit, t.shape.units)
	t.units[UnitLarge] = unit{label: "Headquarters", members: t.mixedMembers(0, max(largeUnit, t.shape.users/8), 20, GroupChain0, GroupDynamic, GroupSynced)}
	t.units[UnitDynamic] = unit{label: "Sales People", flags: unitDynamic, members: t.users(200, 40)}
	t.units[UnitRestricted] = unit{label: "Executives", flags: unitRestricted | unitTyped, members: t.mixedMembers(300, 6, 1, GroupRoleAssignable)}
	t.units[UnitHidden] = unit{label: "Internal Audit", flags: unitHidden, members: t.mixedMembers(320, 5, 0, GroupNoDescription)}
	t.units[UnitEmpty] = unit{label: "Future Branch", flags: unitTyped}
	t.units[UnitHoldsGroups] = unit{label: "Project Groups", members: t.mixedMembers(330, 2, 2, GroupDiamondTop, GroupMixed, GroupEmpty)}
	for i := firstRandomUnit; i < len(t.units); i++ {
		h := t.hash(unitRef(i), saltShape)
		members := t.mixedMembers(below(h, t.shape.users), 10+t.shape.users/200, below(h>>32, 4), below(h>>40, len(t.groups)))
		t.units[i] = unit{members: members, flags: unitFlags(i%2) * unitTyped}
	}
}

// mixedMembers are some users and devices from a start, and groups.
func (t *Tenant) mixedMembers(from, users, devices int, groups ...int) []Ref {
	out := append(t.users(from, min(users, t.shape.users-firstOrdinaryUser)), t.devices(from, devices)...)
	for _, g := range groups {
		out = append(out, groupRef(g))
	}
	return out
}

func (t *Tenant) unitName(i int) string {
	if label := t.units[i].label; label != "" {
		return label
	}
	return pick(cities, uint64(i)).shown + fmt.Sprintf(" Unit %d", i) //nolint:gosec // Not negative.
}
