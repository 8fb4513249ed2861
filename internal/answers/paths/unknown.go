package paths

import (
	"fmt"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// sets are the data sets that ways rest on, and what is not known without one.
var sets = []struct{ data, what string }{
	{access.DataRoleEligibility, "who can activate directory roles"},
	{access.DataGroupEligibility, "who can activate being in groups, or owning them"},
	{access.DataUnits, "who and what is in administrative units: roles over one lead nowhere here, and what is restricted looks open"},
	{access.DataHiddenMembers, "who is in groups and administrative units with hidden membership"},
	{access.DataRoleTimes, "until when directory roles are held"},
	{access.DataPackages, "which access packages lead there, and who may ask for them"},
	{access.DataCatalogs, "who manages access packages by a role in their catalogue"},
}

// types are the resource types that ways rest on.
var types = []string{
	access.TypeUser, access.TypeGroup, access.TypeRole, access.TypeScopedRole, access.TypeUnit, access.TypeApplication,
	access.TypeManagedIdentity, access.TypeAgentIdentity, access.TypeRegistration,
}

// never is what no snapshot has.
var never = []string{
	"approval and other conditions of activations: Privileged Identity Management's rules are not read",
	"conditional access and multifactor authentication, which can stop somebody who has a new password",
	"the roles of Azure, Exchange Online, Intune and other services: who controls a managed identity's resource, for one",
	"whether an application's owner locked its credentials (app instance property lock), and whether settings or policies keep owners from changing what they own",
	"who has a copy of a password, a secret or a key that exists",
	"what administrators of on-premises directories can do to people and groups that come from there",
	"administrators of other tenants, such as a partner's, who hold directory roles here",
}

// unknown is what the snapshot cannot know, what it lacks first.
func (w *search) unknown() []string {
	var unknown []string
	about := w.snapshot.About()
	for _, t := range types {
		if !w.snapshot.Has(t) {
			unknown = append(unknown, access.TypeName(t, true)+": not in the snapshot")
		}
	}
	for _, set := range sets {
		switch knowledge, why := about.Knows(set.data); {
		case knowledge == access.NotRead && why != "":
			unknown = append(unknown, fmt.Sprintf("%s: %s were not read (%s)", set.what, set.data, why))
		case knowledge == access.NotRead:
			unknown = append(unknown, fmt.Sprintf("%s: %s were not read", set.what, set.data))
		}
	}
	if !about.Told {
		unknown = append(unknown, "what was read of the tenant: the snapshot does not say it")
	}
	if w.unasked > 0 {
		unknown = append(unknown, fmt.Sprintf("who can activate being in, or owning, %d of the groups on the way: "+
			"Privileged Identity Management was not asked about them (--pim-groups all asks about every group)", w.unasked))
	}
	if w.open > 0 {
		unknown = append(unknown, fmt.Sprintf("who asks for %d of the access packages on the way: a policy lets people ask who are not named one by one", w.open))
	}
	if w.unmanaged > 0 {
		unknown = append(unknown, fmt.Sprintf("who manages %d of the access packages on the way: their catalogue is not in the snapshot", w.unmanaged))
	}
	if w.index.custom {
		unknown = append(unknown, "what custom directory roles let their holders do: their actions are not read")
	}
	return append(unknown, never...)
}
