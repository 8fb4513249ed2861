package graphsim

import (
	"slices"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/faults"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/limits"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/logs"
)

// AddAudit puts entries into the directory audit log. An entry whose time has long passed has come late.
func (s *Server) AddAudit(entries ...logs.AuditEntry) {
	s.graph.Directory.Lock()
	defer s.graph.Directory.Unlock()
	for i := range entries {
		s.graph.Directory.AddAudit(entries[i])
	}
}

// AddSignIn puts entries into the sign-in log.
func (s *Server) AddSignIn(entries ...logs.SignInEntry) {
	s.graph.Directory.Lock()
	defer s.graph.Directory.Unlock()
	for i := range entries {
		s.graph.Directory.AddSignIn(entries[i])
	}
}

// ClearLogs empties both logs of their history, for tests that count entries.
func (s *Server) ClearLogs() {
	s.graph.Directory.Lock()
	defer s.graph.Directory.Unlock()
	s.graph.Directory.Logs.Audits, s.graph.Directory.Logs.SignIns = nil, nil
}

// SetExpandsFederatedCredentials says what becomes of $expand=federatedIdentityCredentials.
func (s *Server) SetExpandsFederatedCredentials(mode api.FederatedExpansion) {
	s.graph.Change(func(set *api.Settings) { set.Federated = mode })
}

// SetPlans says which plans the tenant has from now on: Entra ID P1 and P2, of which P2 includes the other.
func (s *Server) SetPlans(p1, p2 bool) {
	var plans directory.Plan
	if p1 {
		plans |= directory.PlanP1
	}
	if p2 {
		plans |= directory.PlanP2
	}
	s.graph.Directory.SetPlans(plans)
	if shown := s.graph.View(); shown != s.graph.Directory {
		shown.SetPlans(plans)
	}
}

// SetPrivilegedTargets says whether users who hold directory roles are out of reach of an application that has nothing
// but a permission: then it has to hold a role itself, and one that is high enough. They are, until told otherwise.
func (s *Server) SetPrivilegedTargets(on bool) {
	s.graph.Change(func(set *api.Settings) { set.Privileged = on })
}

// Kindly switches quirks of the service off, or all of them when none is named. The tenant's values stay what they are.
func (s *Server) Kindly(quirks ...directory.Quirk) { s.switchQuirks(quirks, false) }

// Unkindly switches quirks of the service on.
func (s *Server) Unkindly(quirks ...directory.Quirk) { s.switchQuirks(quirks, true) }

func (s *Server) switchQuirks(quirks []directory.Quirk, on bool) {
	if len(quirks) == 0 {
		quirks = directory.Quirks()
	}
	allOn := on && len(quirks) == len(directory.Quirks())
	for _, q := range quirks {
		if q.OfService() && (!allOn || !slices.Contains(directory.OffByDefault, q)) {
			s.graph.Directory.Quirks.Set(q, on)
		}
	}
}

// SetExpandCaps says how many rows a page of a directory collection has at most where it is asked for with $expand, and
// how many objects of a relation $expand gives. They are 100 and 20 until told otherwise.
func (s *Server) SetExpandCaps(rows, related int) {
	s.graph.Change(func(set *api.Settings) { set.Caps = api.ExpandCaps{Rows: max(1, rows), Related: max(1, related)} })
}

// SetSignInRows says how many people a page with sign-in activity has at most: 500, or 120 as there were for some time.
func (s *Server) SetSignInRows(n int) {
	s.graph.Change(func(set *api.Settings) { set.SignInRows = n })
}

// SetMissingSegments names path segments that this cloud does not have; whatever case they are in.
func (s *Server) SetMissingSegments(segments ...string) {
	s.graph.Change(func(set *api.Settings) { set.Missing = slices.Clone(segments) })
}

// SetRiskyUsers makes it exactly so many users that something was detected of, as far as there are so many.
func (s *Server) SetRiskyUsers(n int) {
	_ = s.onBoth(func(t *directory.Tenant) error {
		t.Lock()
		defer t.Unlock()
		t.Shape.RiskyUsers = max(0, n)
		t.RiskSet = true
		return nil
	})
}

// RefuseForm refuses every request of a form, however often it is made, until remove is called. Stats counts them under
// the name of the refusal.
func (s *Server) RefuseForm(form faults.Form, how faults.Refusal) func() {
	on := faults.AnyTarget
	switch {
	case form.Items:
		on = faults.ItemsOnly
	case form.Single:
		on = faults.RequestsOnly
	}
	return s.Fault(faults.Rule{Name: how.Name, On: on, Match: form.Matches, Action: how.Action})
}

// SetIncludeServicePrincipals makes members and owners list service principals, which v1.0 is documented not to, and
// groups/delta too, of which it is not documented.
func (s *Server) SetIncludeServicePrincipals(on bool) {
	s.graph.Change(func(set *api.Settings) { set.IncludeServicePrincipals = on })
}

// SetScheduleFates names the states that requests of Privileged Identity Management go through: the first is in the
// answer, the others show one after the other when the request is looked at. Nothing is changed unless the last one is
// empty, which stands for the one of a request that was carried out. None at all is as it was at the start.
func (s *Server) SetScheduleFates(states ...string) {
	s.graph.Change(func(set *api.Settings) { set.ScheduleFates = slices.Clone(states) })
}

// SetPageTokenLifetime says how long a $skiptoken is good for; zero for ever.
func (s *Server) SetPageTokenLifetime(d time.Duration) {
	s.graph.Change(func(set *api.Settings) { set.PageTokenLifetime = d })
}

// SetDeltaPageRows says how many members and owners a page of groups/delta holds.
func (s *Server) SetDeltaPageRows(n int) {
	s.graph.Change(func(set *api.Settings) { set.DeltaRows = max(1, n) })
}

// SetLatency delays every answer of Graph, batch items included.
func (s *Server) SetLatency(d time.Duration) {
	s.graph.Change(func(set *api.Settings) { set.Latency = d })
}

// SetJitter delays every answer of Graph, batch items included, by a random time up to this, so that answers overtake
// each other.
func (s *Server) SetJitter(most time.Duration) {
	s.graph.Change(func(set *api.Settings) { set.Jitter = most })
}

// SetItemLatency delays every answer of Graph by so much for each of its rows. The items of a batch are answered side
// by side, so a batch takes as long as its slowest item.
func (s *Server) SetItemLatency(d time.Duration) {
	s.graph.Change(func(set *api.Settings) { set.ItemLatency = d })
}

// SetBudget limits the resource units that may be spent; the zero Budget limits nothing.
func (s *Server) SetBudget(b limits.Budget) { s.meter.Units.Set(b, s.graph.Now()) }

// SetWriteQuota limits the writes that may be made, refused ones included; the zero Budget limits nothing.
func (s *Server) SetWriteQuota(b limits.Budget) { s.meter.Writes.Set(b, s.graph.Now()) }

// SetServiceLimits puts the limits of reports and Identity Protection in force; a Budget does so as well. The limit of
// Outlook, which is on requests at the same time and costs a careful client nothing, is always in force.
func (s *Server) SetServiceLimits(on bool) {
	s.meter.Services.SwitchOn(on)
}

// SetReplicationLag says how long the next writes take to show in what clients read: changes of what there is, and new
// objects. Until then reads answer as before, and a new object is not found: neither by reads nor by writes that refer
// to it. Whether a write is refused as one too many is decided by the directory itself, without a lag.
func (s *Server) SetReplicationLag(writes, objects time.Duration) { s.graph.SetLag(writes, objects) }
