package faults

import (
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// pages are faults of lists that come in pages.
func pages() []Fault {
	refused := func(action graphsim.Action, often bool) func(*scene, string) {
		return func(s *scene, name string) {
			rule := graphsim.Rule{Path: "$skiptoken=", First: 1 + s.IntN(3), Skip: s.IntN(6), Action: action}
			if often {
				rule.First = 0
			}
			s.strike(name, rule)
		}
	}
	linked := func(action func(*scene) graphsim.Action) func(*scene, string) {
		return func(s *scene, name string) {
			rule := s.at(paged, action(s))
			rule.First = 1
			s.strike(name, rule)
		}
	}
	return []Fault{
		{Name: "Directory_ExpiredPageToken", arm: refused(graphsim.ExpirePageToken(), false)},
		{Name: "Directory_ExpiredPageToken from some page on", MayFail: true, arm: refused(graphsim.ExpirePageToken(), true)},
		{Name: "DirectoryPageTokenNotFoundException", arm: refused(graphsim.ForgetPageToken(), false)},
		{Name: "DirectoryPageTokenNotFoundException from some page on", MayFail: true, arm: refused(graphsim.ForgetPageToken(), true)},
		{Name: "a page that names itself as the next", MayFail: true, arm: linked(always(graphsim.RepeatNextLink()))},
		{Name: "links in a circle", MayFail: true, arm: linked(always(graphsim.LoopLinks()))},
		{Name: "a link to another host", MayFail: true, arm: linked(func(s *scene) graphsim.Action { return graphsim.ForeignNextLink(s.trap.host()) })},
		{Name: "empty pages", arm: func(s *scene, name string) {
			// Every third would be each last attempt at a page that Graph answers with 500.
			s.strike(name, graphsim.Rule{Every: 4 + s.IntN(4), Action: graphsim.EmptyPage()})
		}},
		{Name: "pages without rows from some page on", MayFail: true, arm: func(s *scene, name string) { s.strike(name, s.at(paged, graphsim.EmptyPage())) }},
		{Name: "rows that come on two pages", arm: func(s *scene, name string) {
			s.strike(name, graphsim.Rule{Every: 1 + s.IntN(3), Action: graphsim.DuplicateRows()})
		}},
	}
}
