package directory

import (
	"slices"
)

// The soft-deleted people that relations of others still show, by their place among the deleted users.
const (
	DeletedInRoles = 2 // Holds and may activate directory roles.
	DeletedOwner   = 3
	DeletedMember  = 4
)

// lingers is whether an object is a person who was soft-deleted from the beginning and is still shown where they were.
// Callers hold the lock.
func (t *Tenant) lingers(r Ref) bool {
	return r.Kind() == KindUser && r.Index() >= t.Shape.Users && !t.MadeUser(r.Index()) && t.Quirks.Has(QuirkDeletedPeople) && t.isDeletedUser(r.Index())
}

// Shows is whether relations show an object or an edge: those that live, and those of people who linger.
func (t *Tenant) Shows(r Ref) bool {
	if t.Live(r) || t.lingers(r) {
		return true
	}
	if _, gone := t.Deleted[r]; gone || !t.Quirks.Has(QuirkDeletedPeople) {
		return false
	}
	switch r.Kind() {
	case KindAppRoleAssignment:
		a := t.AppAssigned[r.Index()]
		return t.lingers(a.Principal) && t.Live(SPRef(int(a.Resource)))
	case KindRoleAssignmentInstance, KindRoleEligibilityInstance:
		return t.instanceStands(r, t.Shows)
	case KindGroupAssignmentInstance, KindGroupEligibilityInstance:
		return t.scheduleStands(r, t.Shows)
	default:
		return false
	}
}

// WithoutDeletedPeople keeps those who linger out of a list, and their places in it.
func (t *Tenant) WithoutDeletedPeople(list []Ref) []Ref {
	if !slices.ContainsFunc(list, t.lingers) {
		return list
	}
	out := slices.Clone(list)
	for i, r := range out {
		if t.lingers(r) {
			out[i] = 0
		}
	}
	return out
}

// DeletedUsers are soft-deleted. They keep the kind of a user, with indexes beyond those of the users there are, so
// that they have ids of their own and are found nowhere but among the deleted items.
const DeletedUsers = 5

// isDeletedUser is whether a user is among the deleted items.
func (t *Tenant) isDeletedUser(i int) bool {
	if i >= t.Shape.Users && !t.MadeUser(i) && !t.userExists(i) {
		return true
	}
	_, binned := t.Written.Binned[UserRef(i)]
	return binned
}

// DeletedUser is one of the users who were soft-deleted from the beginning.
func (t *Tenant) DeletedUser(n int) Ref { return UserRef(t.Shape.Users + n) }

// UserDeleted is deletedDateTime.
func UserDeleted(t *Tenant, i int) string {
	if !t.isDeletedUser(i) {
		return ""
	}
	if at, binned := t.Written.Binned[UserRef(i)]; binned {
		return at
	}
	return t.Timestamp(UserRef(i), SaltStep)
}

// BinnedNow is whether an object is among the deleted items.
func (t *Tenant) BinnedNow(r Ref) bool {
	if r.Kind() == KindUser {
		return r.Index() < t.Shape.Users+max(DeletedUsers, t.Written.Users) && t.isDeletedUser(r.Index())
	}
	_, binned := t.Written.Binned[r]
	return binned
}

const (
	// FederatedPerApp is how many federated credentials an application may have at most.
	FederatedPerApp   = 20
	RelationFederated = "federatedIdentityCredentials"
)

// GroupSchedules are the eligibilities for groups, or what is active in them.
func (t *Tenant) GroupSchedules(k Kind) *GroupScheduleRows {
	if k == KindGroupEligibilityInstance {
		return t.GroupEligible
	}
	return t.GroupActive
}

// liveGroupSchedule is whether both ends of a row exist, and what is between them: the group it comes through, and the
// membership or ownership itself where it is active.
func (t *Tenant) liveGroupSchedule(r Ref) bool { return t.scheduleStands(r, t.Live) }

// scheduleStands is liveGroupSchedule with another notion of who is there.
func (t *Tenant) scheduleStands(r Ref, there func(Ref) bool) bool {
	row := t.GroupSchedules(r.Kind()).Rows[r.Index()]
	switch g := int(row.Group); {
	case !t.Live(GroupRef(g)) || !there(row.Principal):
		return false
	case row.Via != 0:
		return t.Live(row.Via) && t.IsMember(row.Via.Index(), row.Principal) && there(MakeRef(r.Kind(), int(row.Of)))
	case r.Kind() == KindGroupEligibilityInstance:
		return true
	case row.Owner:
		return t.IsOwner(GroupRef(g), row.Principal)
	default:
		return t.IsMember(g, row.Principal)
	}
}

// Exists is whether a row of these kinds is there now: most go with the objects they tell of. Callers hold the lock.
func (t *Tenant) Exists(r Ref) bool {
	switch i := r.Index(); r.Kind() {
	case 0: // The empty place an edge left.
		return false
	case KindUser:
		return i < t.Shape.Users || t.userExists(i)
	case KindMisc:
		return r != AppScope
	case KindFederatedCredential:
		return t.Live(MakeRef(KindApplication, i/FederatedPerApp))
	case KindConsent:
		g := t.Consents[i]
		return t.Live(SPRef(g.Client)) && t.Live(SPRef(g.Resource)) && (g.Principal == 0 || t.Live(g.Principal) || t.lingers(g.Principal))
	case KindRegistrationDetails:
		return t.Enabled(i) && t.Live(UserRef(i))
	case KindRiskyUser:
		return t.RiskOf(i).State != "" && t.Live(UserRef(i))
	default:
		return true
	}
}

// The first users each exist for a reason; the rest follow from their index.
const (
	UserNobody = iota // Has neither manager nor mail.
	UserAdmin         // Global Administrator.
	UserOther         // Second Global Administrator; direct member of two groups of one cycle.
	userDollar        // Signs in with a name that starts with '$' (Graph known issue for addressing by name).
	UserDisabledAdmin
	UserPlain
	FirstOrdinaryUser
)

// IsAgentUser is whether a user is the account of an agent.
func IsAgentUser(i int) bool { return i >= FirstOrdinaryUser && i%211 == 17 }

// IsGuest is whether a user is a guest.
func IsGuest(i int) bool { return i >= FirstOrdinaryUser && !IsAgentUser(i) && i%13 == 5 }

// UserEnabled is whether a user may sign in, before any write.
func UserEnabled(i int) bool { return i != UserDisabledAdmin && (i < FirstOrdinaryUser || i%17 != 3) }

// UserSynced is whether a user comes from the directory on premises.
func UserSynced(i int) bool {
	return i >= FirstOrdinaryUser && !IsGuest(i) && !IsAgentUser(i) && i%3 == 0
}

func userHasMail(i int) bool { return i != UserNobody && (i < FirstOrdinaryUser || i%11 != 7) }

// Risk is what Identity Protection thinks of a user.
type Risk struct{ Level, State, Detail string }

var risks = []Risk{
	{"high", "atRisk", "none"},
	{"medium", "atRisk", "none"},
	{"high", "confirmedCompromised", "adminConfirmedUserCompromised"},
	{"none", "remediated", "userPerformedSecuredPasswordChange"},
	{"none", "dismissed", "adminDismissedAllRiskForUser"},
	{"low", "atRisk", "none"},
}

// RiskOf is zero for the many users nothing was ever detected of.
func (t *Tenant) RiskOf(i int) Risk {
	h := t.Hash(UserRef(i), SaltRisk)
	detected := h%40 == 0 && !t.MadeUser(i)
	if n := t.Shape.RiskyUsers; n > 0 || t.RiskSet {
		detected = i >= FirstOrdinaryUser && i < FirstOrdinaryUser+n && i < t.Shape.Users
	}
	if !detected {
		return Risk{}
	}
	return Pick(risks, h>>8)
}

// HoldsRoles is whether a member of a group gets the roles of the group: devices and contacts have no use for them,
// and groups within groups do not pass them on.
func HoldsRoles(member Ref) bool {
	return member.Kind() == KindUser || member.Kind() == KindServicePrincipal
}

// ScheduleOf is the list a schedule instance of a directory role belongs to.
func (t *Tenant) ScheduleOf(k Kind) *RoleSchedule {
	if k == KindRoleEligibilityInstance {
		return t.eligible
	}
	return t.Active
}

// Instance is a schedule instance with what it is an instance of.
func (t *Tenant) Instance(k Kind, i int) (RoleInstance, RoleAssignment) {
	s := t.ScheduleOf(k)
	return s.instances[i], s.of[s.instances[i].Of]
}

// liveInstance is whether a schedule instance of a directory role exists: that of a member goes with the member.
func (t *Tenant) liveInstance(r Ref) bool { return t.instanceStands(r, t.Live) }

// instanceStands is liveInstance with another notion of who is there.
func (t *Tenant) instanceStands(r Ref, there func(Ref) bool) bool {
	row, of := t.Instance(r.Kind(), r.Index())
	if !t.Live(MakeRef(t.ScheduleOf(r.Kind()).Origin, int(row.Of))) {
		return false
	}
	return row.Member == 0 || there(row.Member) && t.Live(of.Principal) && t.IsMember(of.Principal.Index(), row.Member)
}

// Live is whether an object exists now. An edge lives as long as both its ends do, except a role assignment:
// Entra keeps it, orphaned, when its principal goes. Callers hold the lock.
func (t *Tenant) Live(r Ref) bool {
	if !t.Exists(r) {
		return false
	}
	if !t.Written.Any && !t.Quirks.Has(QuirkDeletedPeople) {
		return true
	}
	if _, gone := t.Deleted[r]; gone {
		return false
	}
	if r.Kind() == KindAppRoleAssignment {
		a := t.AppAssigned[r.Index()]
		return t.Live(a.Principal) && t.Live(SPRef(int(a.Resource)))
	}
	switch r.Kind() {
	case KindRoleAssignmentInstance, KindRoleEligibilityInstance:
		return t.liveInstance(r)
	case KindGroupAssignmentInstance, KindGroupEligibilityInstance:
		return t.liveGroupSchedule(r)
	default:
		return true
	}
}

// MadeUser is whether a user was made by a write.
func (t *Tenant) MadeUser(i int) bool { return i >= t.Shape.Users+DeletedUsers }

// userExists is whether a user beyond the generated ones is there.
func (t *Tenant) userExists(i int) bool {
	if t.MadeUser(i) {
		return i < t.Shape.Users+t.Written.Users
	}
	_, back := t.Written.revived[UserRef(i)]
	return back
}

// IsMember is whether an object is a direct member of a group.
func (t *Tenant) IsMember(g int, r Ref) bool { return slices.Contains(t.MemberOf[r], int32(g)) } //nolint:gosec // Group indexes are small.

// IsOwner is whether an object owns another.
func (t *Tenant) IsOwner(object, r Ref) bool { return slices.Contains(t.Owned[r], object) }
