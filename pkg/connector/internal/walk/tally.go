package walk

import (
	"maps"
	"sync"
)

// Reasons for leaving a row of Graph's out of the snapshot.
const (
	LeftVanished         = "objects deleted while the sync ran"
	LeftGoneScope        = "role assignments at a scope that no longer exists"
	LeftAppScope         = "role assignments within an application's own scope"
	LeftOtherScope       = "role assignments at what is neither a directory object nor an attribute set"
	LeftUnknownScope     = "roles at an object of a type that this build does not know"
	LeftOrphaned         = "role assignments whose principal no longer exists"
	LeftUnknownAppRole   = "assignments to an app role that its application no longer defines"
	LeftADGroups         = "groups synchronized from on-premises Active Directory, with what is held only through them (--skip-ad-groups)"
	LeftUnassigned       = "applications that nobody is assigned to and that hold nothing (--skip-unassigned-apps)"
	LeftUnlisted         = "principals that were not listed: created while the sync ran, or of a type that is not synced"
	LeftUnlistedPerson   = "what people hold who were not listed: they are in the recycle bin, or were created while the sync ran"
	LeftManagers         = "managers who were not listed as people: contacts, or people who are in the recycle bin"
	LeftSponsors         = "sponsors of guests who were not listed as people: they are in the recycle bin, or were created while the sync ran"
	LeftUnsaid           = "assignments of a principal of which Microsoft Graph does not tell what it is"
	LeftGoneRole         = "assignments of a role that Microsoft Graph does not know"
	LeftUnlistedRole     = "assignments of a role that was not listed: it was created while the sync ran"
	LeftUnknownLicense   = "assignments of a product that the tenant no longer has"
	LeftFailedLicense    = "products that a person is assigned and does not have, because no assignment works (licenseErrors in the person's profile)"
	LeftMailbox          = "purposes of mailboxes that Microsoft Graph keeps from the application (an access policy of Exchange)"
	LeftForeignBlueprint = "blueprints of agents that are at home in another tenant: what their agents inherit does not show here"
	LeftInheritance      = "permissions of blueprints of which Microsoft Graph does not tell, in a way that this build knows, whether agents inherit them"
	LeftApprovers        = "approvers of activations who are not in the snapshot"
	LeftUnknownAccess    = "eligibilities of a group for an access that this build does not know"
	LeftUnknownConsent   = "permissions of applications in single groups of a kind or a name that this build does not know"
	LeftConsentOfNobody  = "permissions in single groups of applications that were not listed: they are deleted, or left out"
	LeftElsewhere        = "people of other tenants in shared channels (otherTenants in the channel's profile)"
	LeftNobody           = "members of channels who are no users of Entra ID"
	LeftCatalogCreator   = "rights to create catalogues of access packages"
	LeftCatalogRole      = "roles of entitlement management that this build does not know"
	LeftUnseenCatalog    = "roles in catalogues of access packages that the application does not see"
	LeftHalfDelivered    = "assignments of access packages to nobody: Microsoft Graph gives no id of whom they are for"
	LeftGonePackage      = "assignments and policies of access packages that were not listed"
	LeftGonePolicy       = "assignments of access packages by a policy that was not listed"

	LeftADGroupsShownThrough = "groups synchronized from on-premises Active Directory (--skip-ad-groups); what people hold through them is shown as theirs"
)

// Tally counts what one process leaves out of the snapshot on purpose. It is
// for the log line at the end of a sync; nothing is decided on it.
type Tally struct {
	mu     sync.Mutex
	counts map[string]int
	// taken is what was counted before the counts began anew.
	taken map[string]int
}

func (t *Tally) Add(reason string, n int) {
	if n == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.counts == nil {
		t.counts = make(map[string]int)
	}
	t.counts[reason] += n
}

// Peek returns the counts so far.
func (t *Tally) Peek() map[string]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.counts)
}

// Take returns the counts and starts over.
func (t *Tally) Take() map[string]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	counts := t.counts
	t.taken = t.added()
	t.counts = nil
	return counts
}

// Total returns the counts since the process began. None of them ever gets less.
func (t *Tally) Total() map[string]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.added()
}

// added is what was counted, whether it was taken or not.
func (t *Tally) added() map[string]int {
	all := make(map[string]int, len(t.taken)+len(t.counts))
	maps.Copy(all, t.taken)
	for reason, n := range t.counts {
		all[reason] += n
	}
	return all
}

// NotSynced names the principals of a kind that is not synced.
func NotSynced(kind string) string { return "principals that are not synced: " + kind }
