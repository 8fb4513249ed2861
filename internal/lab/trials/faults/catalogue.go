package faults

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// Fault is one thing that can go wrong.
type Fault struct {
	// Name says what; docs/reliability.md has it.
	Name string
	// MayFail is whether a sync may fail for it, cleanly. If not, the sync has to
	// ride it out.
	MayFail bool
	// Patient faults outlast the client's retries. A trial of one waits as the
	// shipped connector does, for a quarter of an hour.
	Patient bool

	arm  func(*scene, string)
	skew func(*rand.Rand) time.Duration
}

// Catalogue lists every fault by its name.
func Catalogue() []Fault {
	all := slices.Concat(answers(), bodies(), pages(), signIn(), connections(), changes(), patient())
	slices.SortFunc(all, func(a, b Fault) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// Custom is a fault that the catalogue does not have.
func Custom(name string, rule graphsim.Rule) Fault {
	return Fault{Name: name, MayFail: true, arm: func(s *scene, name string) { s.strike(name, rule) }}
}

// Quick lists the faults that are over within a minute, which is all but the
// patient ones.
func Quick() []Fault {
	return slices.DeleteFunc(Catalogue(), func(f Fault) bool { return f.Patient })
}

// Mix chooses two to four quick faults by a seed: for even ones from those that
// alone have to be ridden out, so that the end is often the truth, and for odd
// ones from all.
func Mix(seed uint64) []Fault {
	random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // A seed is to give the same again.
	all := Quick()
	if seed%2 == 0 {
		all = slices.DeleteFunc(all, func(f Fault) bool { return f.MayFail })
	}
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:2+random.IntN(3)]
}

// target is where faults may strike: part of a path or query, and about how many
// requests of a sync go there at least.
type target struct {
	path     string
	on       graphsim.Target
	requests int
}

// targets are chosen from at random.
var targets = []target{
	{"", graphsim.RequestsOnly, 60},
	{"", graphsim.ItemsOnly, 90},
	{"/$batch", graphsim.RequestsOnly, 25},
	{"/organization", graphsim.RequestsOnly, 1},
	{"/users?", graphsim.RequestsOnly, 4},
	{"/groups?", graphsim.RequestsOnly, 1},
	{"/groups/delta", graphsim.ItemsOnly, 8},
	{"/members", graphsim.ItemsOnly, 15},
	{"/servicePrincipals?", graphsim.RequestsOnly, 8},
	{"/appRoleAssignedTo", graphsim.ItemsOnly, 30},
	{"/applications?", graphsim.RequestsOnly, 2},
	{"/roleManagement/directory/", graphsim.RequestsOnly, 6},
	{"/directory/administrativeUnits", graphsim.AnyTarget, 6},
	{"/oauth2PermissionGrants", graphsim.RequestsOnly, 1},
	{"/subscribedSkus", graphsim.RequestsOnly, 1},
	{"/userRegistrationDetails", graphsim.RequestsOnly, 1},
	{"/eligibilityScheduleInstances", graphsim.ItemsOnly, 2},
	{"/identityGovernance/entitlementManagement/", graphsim.RequestsOnly, 10},
	{"/entitlementManagement/accessPackages/", graphsim.ItemsOnly, 20},
}

// paged are where there is more than one page.
var paged = []target{
	{"/users?", graphsim.RequestsOnly, 4},
	{"/groups/delta?", graphsim.ItemsOnly, 4},
	{"/members?", graphsim.ItemsOnly, 2},
	{"/appRoleAssignedTo?", graphsim.ItemsOnly, 2},
	{"/roleManagement/directory/roleAssignments?", graphsim.RequestsOnly, 1},
	{"/entitlementManagement/assignments?", graphsim.RequestsOnly, 4},
}

// at is a rule for a random place, after a random number of requests there.
func (s *scene) at(places []target, action graphsim.Action) graphsim.Rule {
	place := places[s.IntN(len(places))]
	return graphsim.Rule{Path: place.path, On: place.on, Skip: s.IntN(place.requests), Action: action}
}

// once strikes one request or two in a row at a random place: less often than
// the client tries.
func once(action func(*scene) graphsim.Action) func(*scene, string) {
	return func(s *scene, name string) {
		rule := s.at(targets, action(s))
		rule.First = 1 + s.IntN(2)
		s.strike(name, rule)
	}
}

// forGood strikes from some request on.
func forGood(action func(*scene) graphsim.Action) func(*scene, string) {
	return func(s *scene, name string) { s.strike(name, s.at(targets, action(s))) }
}

// scattered strikes every so-manyth request, or item of batches, of the whole
// sync, but the same one less often than the client tries: where many are under
// way, chance alone would make a sync fail now and then.
func scattered(action func(*scene) graphsim.Action) func(*scene, string) {
	return func(s *scene, name string) {
		on := []graphsim.Target{graphsim.RequestsOnly, graphsim.ItemsOnly}[s.IntN(2)]
		s.strike(name, graphsim.Rule{On: on, Every: 5 + s.IntN(5), InARow: 2, Action: action(s)})
	}
}

// always is an action that needs no chance.
func always(action graphsim.Action) func(*scene) graphsim.Action {
	return func(*scene) graphsim.Action { return action }
}
