package directory

import (
	"fmt"
	"slices"
)

// PauseProvisioning is what an administrator does in the admin centre.
func (t *Tenant) PauseProvisioning(id string) error {
	t.Lock()
	defer t.Unlock()
	r, ok := t.Find(KindServicePrincipal, id)
	if !ok {
		return fmt.Errorf("%w: %s", ErrUnknownObject, id)
	}
	job := t.Written.Jobs[r]
	job.Paused, t.Written.Any = true, true
	t.Written.Jobs[r] = job
	return nil
}

// Entitled is whether a user has an account in an application: by an assignment, or as a direct member of a group that
// has one.
func (t *Tenant) Entitled(sp, user Ref) bool {
	for _, n := range t.AssignedTo[sp.Index()] {
		a := t.AppAssigned[n]
		if !t.Live(MakeRef(KindAppRoleAssignment, int(n))) {
			continue
		}
		if a.Principal == user || a.Principal.Kind() == KindGroup && t.Live(a.Principal) && t.IsMember(a.Principal.Index(), user) {
			return true
		}
	}
	return false
}

// Carried is a job after a person was looked at, who is entitled or not, and whether that changed anything.
func (j ProvisioningJob) Carried(user Ref, entitled bool) (ProvisioningJob, bool) {
	has := slices.Contains(j.Provisioned, user)
	switch {
	case entitled && !has:
		j.Provisioned = Linked(j.Provisioned, user)
	case !entitled && has:
		j.Provisioned = Unlinked(j.Provisioned, user)
	}
	return j, has != entitled
}
