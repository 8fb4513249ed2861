package e2e

import (
	"github.com/conductorone/baton-azure-ad/internal/lab/expect"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// expected is what a snapshot of the tenant has to hold.
func expected(truth *graphsim.Truth, o expect.Options) *contents {
	want := &contents{resources: set{}, entitlements: set{}, direct: set{}, effective: set{}, takes: set{}}
	sets := map[expect.Kind]set{
		expect.Resource: want.resources, expect.Entitlement: want.entitlements, expect.Direct: want.direct, expect.Effective: want.effective,
		expect.Takes: want.takes,
	}
	expect.Snapshot(truth, o, func(kind expect.Kind, row string) { sets[kind].add(row) })
	return want
}

// fixedMemberships are the direct memberships that Graph lets nobody change.
func fixedMemberships(truth *graphsim.Truth, want *contents) []string {
	fixed := map[string]bool{}
	for _, g := range truth.Groups {
		fixed[g.ID] = g.Dynamic || g.Synced || g.ExchangeManaged
	}
	var edges []string
	for _, m := range truth.Members {
		for _, principalType := range []string{"user", "group", "application", "managed_identity", "agent_identity"} {
			e := edge("group:"+m.ObjectID+":member", principalType, m.Principal.ID)
			if _, held := want.direct[e]; held && fixed[m.ObjectID] {
				edges = append(edges, e)
			}
		}
	}
	return edges
}
