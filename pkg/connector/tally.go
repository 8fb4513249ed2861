package connector

import (
	"maps"
	"sync"
)

// Reasons for leaving a row of Graph's out of the snapshot.
const (
	leftVanished       = "objects deleted while the sync ran"
	leftGoneScope      = "role assignments at a scope that no longer exists"
	leftAppScope       = "role assignments within an application's own scope"
	leftOtherScope     = "role assignments at what is no directory object: at an attribute set, say"
	leftUnknownScope   = "roles at an object of a type that this build does not know"
	leftOrphaned       = "role assignments whose principal no longer exists"
	leftUnknownAppRole = "assignments to an app role that its application no longer defines"
	leftADGroups       = "groups synchronized from on-premises Active Directory, with what is held only through them (--skip-ad-groups)"
	leftUnassigned     = "applications that nobody is assigned to and that hold nothing (--skip-unassigned-apps)"
	leftUnlisted       = "principals that were not listed: created while the sync ran, or of a type that is not synced"
	leftUnlistedPerson = "what people hold who were not listed: they are in the recycle bin, or were created while the sync ran"
	leftManagers       = "managers who were not listed as people: contacts, or people who are in the recycle bin"
	leftUnsaid         = "assignments of a principal of which Microsoft Graph does not tell what it is"
	leftGoneRole       = "assignments of a role that Microsoft Graph does not know"
	leftUnlistedRole   = "assignments of a role that was not listed: it was created while the sync ran"
	leftUnknownLicense = "assignments of a product that the tenant no longer has"
	leftFailedLicense  = "products that a person is assigned and does not have, because no assignment works (licenseErrors in the person's profile)"
	leftMailbox        = "purposes of mailboxes that Microsoft Graph keeps from the application (an access policy of Exchange)"
	leftUnknownAccess  = "eligibilities of a group for an access that this build does not know"

	leftADGroupsShownThrough = "groups synchronized from on-premises Active Directory (--skip-ad-groups); what people hold through them is shown as theirs"
)

// tally counts what one process leaves out of the snapshot on purpose. It is
// for the log line at the end of a sync; nothing is decided on it.
type tally struct {
	mu     sync.Mutex
	counts map[string]int
}

func (t *tally) add(reason string, n int) {
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

// peek returns the counts so far.
func (t *tally) peek() map[string]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.counts)
}

// take returns the counts and starts over.
func (t *tally) take() map[string]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	counts := t.counts
	t.counts = nil
	return counts
}

// notSynced names the principals of a kind that is not synced.
func notSynced(kind string) string { return "principals that are not synced: " + kind }
