package generate

import (
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// randomGroups fills the rest of the tenant until it has its number of memberships.
func randomGroups(t *directory.Tenant) {
	spent := 0
	for i := range directory.FirstRandomGroup {
		spent += len(t.Groups[i].Members)
	}
	if len(t.Groups) <= directory.FirstRandomGroup {
		return
	}
	count := len(t.Groups) - directory.FirstRandomGroup
	average := max(2, (t.Shape.Memberships-spent)/count)
	for i := directory.FirstRandomGroup; i < len(t.Groups); i++ {
		flags := randomFlags(t, i)
		size := randomMemberCount(t, i, average)
		t.Groups[i] = directory.Group{Flags: flags, Members: append(spreadUsers(t, i, size), randomOthers(t, i, flags)...)}
	}
}

// randomMemberCount is skewed, as real groups are: many small ones and a few large ones around the same average.
func randomMemberCount(t *directory.Tenant, i, average int) int {
	h := t.Hash(directory.GroupRef(i), directory.SaltShape)
	percent := 30 + directory.Below(h>>8, 50) // Seven in ten are small.
	switch bucket := h % 100; {
	case bucket < 3:
		return 0
	case bucket >= 98:
		percent = 800 + directory.Below(h>>8, 600)
	case bucket >= 73:
		percent = 150 + directory.Below(h>>8, 120)
	}
	return min(average*percent/100, t.Shape.Users/2)
}

// spreadUsers picks n distinct users with a stride that is prime to their number.
func spreadUsers(t *directory.Tenant, i, n int) []directory.Ref {
	ordinary := t.Shape.Users - directory.FirstOrdinaryUser
	start := directory.Below(t.Hash(directory.GroupRef(i), directory.SaltStart), ordinary)
	step := coprime(directory.Below(t.Hash(directory.GroupRef(i), directory.SaltStep), ordinary), ordinary)
	out := make([]directory.Ref, 0, n+4)
	for k := range n {
		out = append(out, directory.UserRef(directory.FirstOrdinaryUser+(start+k*step)%ordinary))
	}
	return out
}

// coprime is the first number from candidate on that shares no factor with n.
func coprime(candidate, n int) int {
	for c := max(1, candidate); ; c++ {
		a, b := c, n
		for b != 0 {
			a, b = b, a%b
		}
		if a == 1 {
			return c
		}
	}
}

func randomFlags(t *directory.Tenant, i int) directory.GroupFlags {
	h := t.Hash(directory.GroupRef(i), directory.SaltExtra)
	var flags directory.GroupFlags
	switch kind := h % 100; {
	case kind < 45: // A plain security group.
	case kind < 65:
		flags = directory.FlagUnified
	case kind < 75:
		flags = directory.FlagDynamic
	case kind < 85:
		flags = directory.FlagSynced
	case kind < 90:
		flags = directory.FlagMailSecurity
	case kind < 95:
		flags = directory.FlagDistribution
	case kind < 98:
		flags = directory.FlagRoleAssignable
	default:
		flags = directory.FlagHidden
	}
	if h>>16%9 == 0 {
		flags |= directory.FlagNoDescription
	}
	return flags
}

// randomOthers adds members that are not users, where Entra lets the group have them. Nesting points at higher
// indexes only: cycles are made on purpose, not by chance.
func randomOthers(t *directory.Tenant, i int, flags directory.GroupFlags) []directory.Ref {
	if flags&(directory.FlagUnified|directory.FlagDynamic|directory.FlagRoleAssignable) != 0 {
		return nil
	}
	h := t.Hash(directory.GroupRef(i), directory.SaltName)
	var out []directory.Ref
	if rest := len(t.Groups) - i - 1; h%12 == 0 && rest > 0 {
		for k := range 1 + directory.Below(h>>4, 3) {
			out = append(out, directory.GroupRef(i+1+directory.Below(directory.Mix64(h+uint64(k)), rest)))
		}
	}
	if flags&(directory.FlagSynced|directory.FlagMailSecurity|directory.FlagDistribution) == 0 && h>>8%12 == 0 {
		out = append(out, directory.SPRef(directory.FirstRandomSP+directory.Below(h>>20, len(t.SPs)-directory.FirstRandomSP)))
	}
	if h>>12%15 == 0 {
		out = append(out, directory.MakeRef(directory.KindDevice, directory.Below(h>>24, t.Shape.Devices)))
	}
	if flags&directory.FlagDistribution != 0 {
		out = append(out, directory.MakeRef(directory.KindContact, directory.Below(h>>28, t.Shape.Contacts)))
	}
	return out
}

// generateOwners gives groups and applications their owners.
func generateOwners(t *directory.Tenant) {
	for i := range t.Groups {
		h := t.Hash(directory.GroupRef(i), directory.SaltTitle)
		t.Groups[i].Owners = t.Users(directory.Below(h, t.Shape.Users), directory.Below(h>>32, 3))
	}
	t.Groups[directory.GroupEmpty].Owners = t.Users(5, 1)
	t.Groups[directory.GroupAppOwned].Owners = []directory.Ref{directory.SPRef(directory.SPPayroll), directory.SPRef(directory.SPBusyOwner), t.FirstSP(directory.SPManagedIdentity)}
	t.Groups[directory.GroupManyOwners].Owners = append(t.Users(700, 25), directory.SPRef(directory.SPBusyOwner))
	t.Groups[directory.GroupSyncedOwned].Owners = t.Users(10, 2)
	for i := directory.GroupFirstParent; i <= directory.GroupLastParent; i++ {
		t.Groups[i].Owners = append(t.Groups[i].Owners, directory.SPRef(directory.SPBusyOwner))
	}
	for i := range t.SPs {
		s := &t.SPs[i]
		if i < directory.FirstRandomSP || s.Kind == directory.SPManagedIdentity || s.Foreign {
			continue
		}
		h := t.Hash(directory.SPRef(i), directory.SaltTitle)
		s.Owners = t.Users(directory.Below(h, t.Shape.Users), directory.Below(h>>32, 3))
		if h>>40%10 == 0 {
			s.Owners = append(s.Owners, directory.SPRef(directory.SPBusyOwner))
		}
	}
	t.SPs[directory.SPPayroll].Owners = []directory.Ref{directory.UserRef(directory.UserPlain), directory.UserRef(directory.UserAdmin), directory.SPRef(directory.SPBusyOwner)}
	t.SPs[directory.SPWiki].Owners = t.Users(20, 24)
	t.SPs[directory.SPDisabled].Owners = t.Users(3, 1)
}
