package graphsim

import "strings"

// newGroupEligibilityInstanceType is a membership or ownership a principal may activate.
func newGroupEligibilityInstanceType() *entityType {
	const kind = KindGroupEligibilityInstance
	return newEntityType(
		entityType{name: "privilegedAccessGroupEligibilityScheduleInstance", kind: kind},
		groupScheduleProperties(kind),
		[]property{text("eligibilityScheduleId", inDefault|filterable, func(t *Tenant, i int) string { return t.groupScheduleID(t.groupOrigin(kind, i)) })},
	)
}

// newGroupAssignmentInstanceType is an active membership or ownership as Privileged Identity Management shows it.
func newGroupAssignmentInstanceType() *entityType {
	const kind = KindGroupAssignmentInstance
	return newEntityType(
		entityType{name: "privilegedAccessGroupAssignmentScheduleInstance", kind: kind},
		groupScheduleProperties(kind),
		[]property{
			text("assignmentScheduleId", inDefault|filterable, func(t *Tenant, i int) string { return t.groupScheduleID(t.groupOrigin(kind, i)) }),
			text("assignmentType", inDefault|filterable, func(t *Tenant, i int) string {
				return strings.ToLower(t.groupSchedules(kind).rows[i].term.truth())
			}),
		},
	)
}

func groupScheduleProperties(kind Kind) []property {
	const plain = inDefault | filterable
	row := func(t *Tenant, i int) groupSchedule { return t.groupSchedules(kind).rows[i] }
	return []property{
		idProperty(kind),
		text("accessId", plain, func(t *Tenant, i int) string { return row(t, i).access() }),
		text("groupId", plain, func(t *Tenant, i int) string { return t.id(groupRef(int(row(t, i).group))) }),
		text("principalId", plain, func(t *Tenant, i int) string { return t.id(row(t, i).principal) }),
		text("memberType", plain, func(t *Tenant, i int) string {
			if row(t, i).via != 0 {
				return strings.ToLower(memberGroup)
			}
			return strings.ToLower(memberDirect)
		}),
		date("startDateTime", plain, func(t *Tenant, i int) string {
			return t.startOf(t.groupOrigin(kind, i), row(t, i).term, row(t, i).given)
		}),
		date("endDateTime", plain, func(t *Tenant, i int) string { return t.endOf(t.groupOrigin(kind, i), row(t, i).term, row(t, i).given) }),
	}
}

func (s groupSchedule) access() string {
	if s.unknown {
		return accessUnknown
	}
	if s.owner {
		return "owner"
	}
	return "member"
}

func (t *Tenant) groupSchedules(k Kind) *groupSchedules {
	if k == KindGroupEligibilityInstance {
		return t.groupEligible
	}
	return t.groupActive
}

// groupOrigin is the direct row a row stands for.
func (t *Tenant) groupOrigin(k Kind, i int) Ref {
	return makeRef(k, int(t.groupSchedules(k).rows[i].of))
}

// groupScheduleID has the form of privilegedAccessGroup ids: group, access and a part of its own.
func (t *Tenant) groupScheduleID(r Ref) string {
	row := t.groupSchedules(r.Kind()).rows[r.index()]
	return t.id(groupRef(int(row.group))) + "_" + row.access() + "_" + t.guidOf(r).String()
}

// liveGroupSchedule is whether both ends of a row exist, and what is between them: the group it comes through, and the
// membership or ownership itself where it is active.
func (t *Tenant) liveGroupSchedule(r Ref) bool { return t.scheduleStands(r, t.live) }

// scheduleStands is liveGroupSchedule with another notion of who is there.
func (t *Tenant) scheduleStands(r Ref, there func(Ref) bool) bool {
	row := t.groupSchedules(r.Kind()).rows[r.index()]
	switch g := int(row.group); {
	case !t.live(groupRef(g)) || !there(row.principal):
		return false
	case row.via != 0:
		return t.live(row.via) && t.isMember(row.via.index(), row.principal) && there(makeRef(r.Kind(), int(row.of)))
	case r.Kind() == KindGroupEligibilityInstance:
		return true
	case row.owner:
		return t.isOwner(groupRef(g), row.principal)
	default:
		return t.isMember(g, row.principal)
	}
}

// listGroupSchedules lists the rows of the group or of the principal that the filter has to name.
func listGroupSchedules(set string) func(c *call) (reply, error) {
	return func(c *call) (reply, error) {
		rows, err := c.namedSchedules()
		if err != nil {
			return reply{}, err
		}
		kind := c.route.kind
		return c.list(collection{
			set: "identityGovernance/privilegedAccess/group/" + set, entity: c.tenant.model.of(kind), size: len(rows), pageMax: rolePageSize,
			at: func(i int) Ref { return makeRef(kind, int(rows[i])) },
		}, roleOptions)
	}
}

func (c *call) namedSchedules() ([]int32, error) {
	pairs, err := parsePairs(c.rawQuery)
	if err != nil {
		return nil, err
	}
	missing := badRequest("The filter has to name a groupId or a principalId with 'eq'.")
	all := c.tenant.groupSchedules(c.route.kind)
	for _, p := range pairs {
		if p.name != optFilter {
			continue
		}
		tokens, err := tokenize(p.value)
		if err != nil {
			return nil, err
		}
		name, id, ok := requiredID(tokens)
		if !ok {
			return nil, missing
		}
		g, ok := parseGUID(id)
		if !ok {
			return nil, badRequest("Invalid object identifier '%s'.", id)
		}
		r, known := c.tenant.refOf(g)
		switch {
		case known && name == "principalId":
			return all.byPrincipal[r], nil
		case known && r.Kind() == KindGroup:
			return all.byGroup[int32(r.index())], nil //nolint:gosec // Small indexes.
		default:
			return nil, nil
		}
	}
	return nil, missing
}

// requiredID finds a comparison with a groupId or principalId that every row has to meet.
func requiredID(tokens []token) (string, string, bool) {
	name, id := "", ""
	for i, t := range tokens {
		switch {
		case t.kind == tokenString:
		case t.text == "or" || t.text == "not":
			return "", "", false
		case (t.text == "groupId" || t.text == "principalId") && i+2 < len(tokens) && tokens[i+1].text == opEqual && tokens[i+2].kind == tokenString:
			name, id = t.text, tokens[i+2].text
		}
	}
	return name, id, name != ""
}
