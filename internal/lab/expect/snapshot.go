package expect

import "github.com/conductorone/baton-azure-ad/internal/sim/graphsim"

// Snapshot gives every row that a snapshot of the tenant has to hold. A row can
// come more than once.
func Snapshot(truth *graphsim.Truth, o Options, add func(kind Kind, row string)) {
	b := &builder{truth: truth, o: o, add: add, types: map[string]string{}, groups: map[string]*graphsim.TruthGroup{}, scopedRoles: map[string]bool{}}
	if b.partial() {
		b.members = visibleMembers(truth, o)
	}
	b.resources()
	b.units()
	b.groupEdges()
	b.consentedInGroups()
	b.channels()
	b.applicationEdges()
	b.inherited()
	b.roleEdges()
	b.activations()
	b.licenseEdges()
	b.consentEdges()
	b.deviceEdges()
	b.packageEdges()
}
