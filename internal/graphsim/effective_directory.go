package graphsim

// roleHolders gives, for each role and scope of a list, who has it: directly, or as a direct member of a
// role-assignable group that does. What nobody is left for, and what is left of a scope that is gone, has no row.
func (t *Tenant) roleHolders(kind Kind, list []roleAssignment, keep func(roleAssignment) bool) []TruthAccess {
	byObject := map[string]holders{}
	for i, a := range list {
		if !keep(a) || !t.live(makeRef(kind, i)) || a.scope != 0 && !t.live(a.scope) {
			continue
		}
		object := t.roles[a.role].id.String()
		if a.scope != 0 {
			object += "@" + t.id(a.scope)
		}
		if _, ok := byObject[object]; !ok {
			byObject[object] = t.newHolders()
		}
		byObject[object].addShallow(a.principal)
	}
	var out []TruthAccess
	for object, h := range byObject {
		if len(h.seen) > 0 {
			out = append(out, h.access(object, ""))
		}
	}
	return out
}

// groupEligibleHolders gives, group by group and apart for members and owners, who may become one: directly, or as a
// direct member of a group that may.
func (t *Tenant) groupEligibleHolders() []TruthAccess {
	type object struct{ group, access string }
	byObject := map[object]holders{}
	t.each(KindGroupEligibilityInstance, func(i int, _ string) {
		row := t.groupEligible.rows[i]
		if row.via != 0 || row.unknown {
			return
		}
		o := object{t.id(groupRef(int(row.group))), row.access()}
		if _, ok := byObject[o]; !ok {
			byObject[o] = t.newHolders()
		}
		byObject[o].addShallow(row.principal)
	})
	var out []TruthAccess
	for o, h := range byObject {
		if len(h.seen) > 0 {
			out = append(out, h.access(o.group, o.access))
		}
	}
	return out
}
