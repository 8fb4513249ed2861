package graphsim

func newAdministrativeUnitType() *entityType {
	const plain = inDefault | filterable
	return newEntityType(
		entityType{name: "administrativeUnit", kind: KindAdministrativeUnit},
		[]property{
			idProperty(KindAdministrativeUnit),
			text("description", plain, func(t *Tenant, i int) string { return onlyIf(i%2 == 0, "People of "+t.unitName(i)) }),
			text("displayName", plain|sortable, (*Tenant).unitName),
			flag("isMemberManagementRestricted", inDefault, unitHas(unitRestricted)),
			text("membershipRule", inDefault, func(t *Tenant, i int) string {
				return onlyIf(unitHas(unitDynamic)(t, i), `(user.department -eq "Sales")`)
			}),
			text("membershipRuleProcessingState", inDefault, func(t *Tenant, i int) string { return onlyIf(unitHas(unitDynamic)(t, i), "On") }),
			text("membershipType", inDefault, unitMembershipType),
			text("visibility", inDefault, func(t *Tenant, i int) string { return onlyIf(unitHas(unitHidden)(t, i), "HiddenMembership") }),
		},
		unset(edmDate, inDefault, "deletedDateTime"),
	)
}

func unitHas(f unitFlags) func(t *Tenant, i int) bool {
	return func(t *Tenant, i int) bool { return t.units[i].flags&f != 0 }
}

func onlyIf(is bool, v string) string {
	if is {
		return v
	}
	return ""
}

// unitMembershipType is null on the units made before there were dynamic ones.
func unitMembershipType(t *Tenant, i int) string {
	switch f := t.units[i].flags; {
	case f&unitDynamic != 0:
		return "Dynamic"
	case f&unitTyped != 0:
		return "Assigned"
	default:
		return ""
	}
}

// restricted is the flag on what a restricted unit keeps from tenant-wide roles and permissions.
func restricted(k Kind) property {
	return trueOrNull("isManagementRestricted", computed, func(t *Tenant, i int) bool { return t.restrictingUnit(makeRef(k, i)) != 0 })
}

// restrictingUnit is the restricted unit an object is a member of, or zero.
func (t *Tenant) restrictingUnit(r Ref) Ref {
	for _, u := range t.unitsOf[r] {
		if t.units[u].flags&unitRestricted != 0 && t.live(unitRef(int(u))) {
			return unitRef(int(u))
		}
	}
	return 0
}

// unitHiddenFrom is whether a unit's membership is kept from this caller.
func (c *call) unitHiddenFrom(u int) bool {
	return c.tenant.units[u].flags&unitHidden != 0 && !c.holds("Member.Read.Hidden")
}

// unitMembers are the direct members; a unit reaches no further than them.
func (c *call) unitMembers(r Ref) []Ref {
	if c.unitHiddenFrom(r.index()) {
		return nil
	}
	return c.living(c.tenant.units[r.index()].members)
}

// unitsOf are the administrative units that memberOf lists beside groups.
func (c *call) unitsOf(r Ref) []Ref {
	var out []Ref
	for _, u := range c.tenant.unitsOf[r] {
		if !c.unitHiddenFrom(int(u)) {
			out = append(out, unitRef(int(u)))
		}
	}
	return out
}
