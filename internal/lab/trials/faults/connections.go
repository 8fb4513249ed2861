package faults

import (
	"math/rand/v2"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// connections are faults on the way to Graph, and clocks that disagree.
func connections() []Fault {
	var list []Fault
	for name, action := range map[string]graphsim.Action{
		"a reset before the answer": graphsim.ResetConnection(),
		"a reset in the body":       graphsim.Truncate(),
	} {
		list = append(list,
			Fault{Name: name, arm: once(always(action))},
			Fault{Name: name + " scattered", arm: scattered(always(action))},
			Fault{Name: name + " from some request on", MayFail: true, arm: forGood(always(action))})
	}
	return append(list,
		Fault{Name: "a body that stalls", arm: func(s *scene, name string) {
			rule := s.at(targets, graphsim.Stall())
			rule.First = 1
			s.strike(name, rule)
		}},
		Fault{Name: "connections refused for a moment", MayFail: true, arm: func(s *scene, name string) {
			s.outage(name, s.between(time.Millisecond, 500*time.Millisecond))
		}},
		Fault{Name: "connections refused for good", MayFail: true, arm: func(s *scene, name string) { s.outage(name, PatientBound) }},
		Fault{Name: "clocks that differ by minutes", skew: func(r *rand.Rand) time.Duration {
			return time.Duration(r.Int64N(int64(20*time.Minute))) - 10*time.Minute
		}},
		Fault{Name: "clocks that differ by days", MayFail: true, skew: func(r *rand.Rand) time.Duration {
			return time.Duration(r.Int64N(int64(96*time.Hour))) - 48*time.Hour
		}},
	)
}

// outage refuses connections for a while from some request on.
func (s *scene) outage(name string, d time.Duration) {
	s.midway(name, func() error {
		s.after.Go(func() {
			if err := s.server.Outage(d); err != nil {
				s.mu.Lock()
				defer s.mu.Unlock()
				s.errs = append(s.errs, err)
			}
		})
		return nil
	})
}

// signIn are faults of the login authority and of the tokens it gives.
func signIn() []Fault {
	authority := func(action func(*scene) graphsim.Action, first int) func(*scene, string) {
		return func(s *scene, name string) {
			s.shortTokens()
			s.strike(name, graphsim.Rule{Path: "/oauth2/v2.0/token", On: graphsim.AuthorityOnly, First: first, Skip: s.IntN(20), Action: action(s)})
		}
	}
	midway := func(happen func(*scene)) func(*scene, string) {
		return func(s *scene, name string) {
			s.shortTokens()
			s.midway(name, func() error {
				happen(s)
				return nil
			})
		}
	}
	return []Fault{
		{Name: "the token endpoint is down for a moment", arm: authority(always(busy), 2)},
		{Name: "the token endpoint is down for good", MayFail: true, arm: authority(always(busy), 0)},
		{Name: "the token endpoint resets connections", MayFail: true, arm: authority(always(graphsim.ResetConnection()), 0)},
		{Name: "the token endpoint is slow", arm: authority(always(graphsim.Latency(2*time.Second)), 2)},
		{Name: "the token endpoint stalls", MayFail: true, arm: authority(always(graphsim.Stall()), 0)},
		{Name: "the token endpoint answers HTML", MayFail: true, arm: authority(always(graphsim.WrongContentType()), 0)},
		{Name: "tokens for another resource", MayFail: true, arm: midway(func(s *scene) { s.server.SetTokenAudience("https://vault.azure.net") })},
		{Name: "tokens that have to be renewed all the time", arm: func(s *scene, _ string) { s.shortTokens() }},
		{Name: "tokens that expire sooner than they say", MayFail: true, arm: func(s *scene, _ string) {
			s.server.SetTokenValidity(s.between(0, 1500*time.Millisecond))
		}},
		{Name: "a permission removed in the middle", MayFail: true, arm: func(s *scene, name string) {
			s.shortTokens()
			all := graphsim.DefaultPermissions()
			gone := s.IntN(len(all))
			s.midway(name, func() error {
				s.server.SetPermissions(append(all[:gone:gone], all[gone+1:]...)...)
				return nil
			})
		}},
		{Name: "a client secret that expires in the middle", MayFail: true, arm: midway(func(s *scene) {
			s.server.SetCredentialState(graphsim.CredentialExpired)
		})},
	}
}

// shortTokens makes the client ask for a new token at every turn.
func (s *scene) shortTokens() { s.server.SetTokenLifetime(time.Minute) }
