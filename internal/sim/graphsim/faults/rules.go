// Package faults makes calls go wrong as a test asks: which calls a rule strikes, and what an action does to them. It
// does not know what the answers would have been.
package faults

import (
	"regexp"
	"strings"
	"sync"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
)

// Target is where a rule applies.
type Target uint8

// The places a rule may apply to.
const (
	AnyTarget     Target = iota // Requests and batch items of Graph, but not the batches that carry items.
	RequestsOnly                // HTTP requests of Graph, batches included.
	ItemsOnly                   // Items inside batches.
	AuthorityOnly               // Requests to the login authority.
)

// Rule makes some requests go wrong. All conditions that are set must hold; among the requests for which they do,
// those after the Skip first ones, First, Nth and Every choose; with none of these, all of them.
type Rule struct {
	Name   string // The name its hits are counted under in Stats.
	Method string
	Path   string         // Part of the path and query, such as "/users" or "$skiptoken=".
	Regexp *regexp.Regexp // On the path and query.
	Match  func(api.Request) bool
	On     Target
	Skip   int // So many are let through before any is chosen.
	First  int // The first so many.
	Nth    int // Only this one, counted from 1.
	Every  int // Each so-manyth.
	InARow int // The same request, sent again, is let through after so many; zero sets no bound.
	Action Action
}

// armed is a rule in force.
type armed struct {
	rule Rule
	seen int
	runs map[string]int // How often in a row each request was chosen, where that is bounded.
}

// RuleSet is the rules in force, in the order they were added; the first that applies is taken.
type RuleSet struct {
	mu   sync.Mutex
	list []*armed
	hits map[string]int
}

// Add puts a rule in force until remove is called.
func (s *RuleSet) Add(r Rule) func() {
	a := &armed{rule: r}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = append(s.list, a)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		for i := range s.list {
			if s.list[i] == a {
				s.list = append(s.list[:i:i], s.list[i+1:]...)
				return
			}
		}
	}
}

// Match finds the action for a request, or nil.
func (s *RuleSet) Match(r api.Request, body []byte) *Action {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.list {
		if !a.rule.applies(r) {
			continue
		}
		if a.chooses(r, body) {
			if s.hits == nil {
				s.hits = map[string]int{}
			}
			s.hits[a.rule.Name]++
			action := a.rule.Action
			return &action
		}
	}
	return nil
}

// chooses says whether the rule strikes this request, which applies.
func (a *armed) chooses(r api.Request, body []byte) bool {
	a.seen++
	chosen := a.rule.chooses(a.seen)
	if a.rule.InARow == 0 {
		return chosen
	}
	same := r.Method + " " + r.Path + "?" + r.Query + "\n" + string(body)
	if !chosen || a.runs[same] == a.rule.InARow {
		delete(a.runs, same)
		return false
	}
	if a.runs == nil {
		a.runs = map[string]int{}
	}
	a.runs[same]++
	return true
}

// Counts are how many requests each rule struck, by its name.
func (s *RuleSet) Counts() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make(map[string]int, len(s.hits))
	for name, n := range s.hits {
		out[name] = n
	}
	return out
}

// ResetCounts forgets them.
func (s *RuleSet) ResetCounts() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hits = nil
}

func (r Rule) applies(req api.Request) bool {
	target := req.Path
	if req.Query != "" {
		target += "?" + req.Query
	}
	isBatch := strings.HasSuffix(req.Path, "/"+api.BatchPath)
	switch {
	case (r.On == AuthorityOnly) != req.Authority:
		return false
	case r.On == RequestsOnly && req.Batch, r.On == ItemsOnly && !req.Batch:
		return false
	case r.On == AnyTarget && isBatch && !strings.Contains(r.Path, api.BatchPath):
		return false
	case r.Method != "" && r.Method != req.Method:
		return false
	case r.Path != "" && !strings.Contains(target, r.Path):
		return false
	case r.Regexp != nil && !r.Regexp.MatchString(target):
		return false
	}
	return r.Match == nil || r.Match(req)
}

func (r Rule) chooses(n int) bool {
	n -= r.Skip
	switch {
	case n <= 0:
		return false
	case r.Nth > 0:
		return n == r.Nth
	case r.First > 0:
		return n <= r.First
	case r.Every > 0:
		return n%r.Every == 0
	}
	return true
}
