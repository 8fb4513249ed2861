package report

import (
	"context"
	"fmt"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/paths"
	"github.com/conductorone/baton-azure-ad/internal/console/terminal"
)

// rolePaths are the paths to a role of tier 0 by those who do not hold it.
type rolePaths struct {
	Role  int       `json:"role"`
	Paths []pathRow `json:"paths"`
	// Starts is how many people and applications there are at the beginnings, and More how
	// many of them are in paths that are left out.
	Starts int `json:"starts"`
	More   int `json:"more,omitempty"`
	// Unknown is what the snapshot cannot know, and could be a way.
	Unknown []string `json:"unknown,omitempty"`
}

// pathRow is a path that one or more objects are at the start of: they differ in
// nothing else.
type pathRow struct {
	Starts []int `json:"starts"`
	// More is how many starts are left out.
	More  int       `json:"more,omitempty"`
	Steps []stepRow `json:"steps"`
}

// stepRow is a step of a path, from where the step before leads.
type stepRow struct {
	To         int    `json:"to"`
	Edge       string `json:"edge"`
	Until      string `json:"until,omitempty"`
	Activation bool   `json:"activation,omitempty"`
	Why        string `json:"why,omitempty"`
	Page       string `json:"page,omitempty"`
}

// What the page shows of paths: how many pictures of each role, and how many names at
// the beginning of each.
const (
	picturesShown = 40
	startsShown   = 100
)

// numbers are the objects that the paths name.
func (r *rolePaths) numbers() []int {
	numbers := []int{r.Role}
	for i := range r.Paths {
		numbers = append(numbers, r.Paths[i].Starts...)
		for j := range r.Paths[i].Steps {
			numbers = append(numbers, r.Paths[i].Steps[j].To)
		}
	}
	return numbers
}

// pathsTo finds the paths to the roles of tier 0 that somebody holds or may activate.
func pathsTo(ctx context.Context, s *access.Snapshot, dir *directory, roles []roleRow) ([]rolePaths, error) {
	finder, err := paths.NewFinder(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("looking for paths: %w", err)
	}
	var found []rolePaths
	for i := range roles {
		if roles[i].Tier != 0 || roles[i].Scope != "" {
			continue
		}
		result, err := finder.To(ctx, dir.ref(roles[i].Role), paths.Options{})
		if err != nil {
			return nil, fmt.Errorf("looking for paths to %s: %w", terminal.Harmless(roles[i].Name), err)
		}
		found = append(found, *rolePathsOf(dir, roles[i].Role, result))
	}
	return found, nil
}

// rolePathsOf joins the paths that differ only in where they begin. Those of who holds
// the role, directly or by a group, are not among them: the tables have them.
func rolePathsOf(dir *directory, role int, result *paths.Result) *rolePaths {
	r := &rolePaths{Role: role, Paths: []pathRow{}}
	places := map[string]int{}
	for i := range result.Paths {
		path := &result.Paths[i]
		if holds(path) {
			continue
		}
		r.Starts++
		key := keyOf(path)
		at, known := places[key]
		if !known {
			if len(r.Paths) == picturesShown {
				r.More++
				continue
			}
			at = len(r.Paths)
			places[key] = at
			r.Paths = append(r.Paths, pathRow{Steps: stepsOf(dir, path)})
		}
		if len(r.Paths[at].Starts) == startsShown {
			r.Paths[at].More++
			continue
		}
		r.Paths[at].Starts = append(r.Paths[at].Starts, dir.number(path.Start))
	}
	for _, text := range result.Unknown {
		r.Unknown = append(r.Unknown, clean(text, longestValue))
	}
	return r
}

// holds reports whether a path is no more than holding the role, or being in a group
// that does.
func holds(p *paths.Path) bool {
	for i := range p.Steps {
		switch p.Steps[i].Edge {
		case paths.EdgeHoldsRole, paths.EdgeEligibleRole, paths.EdgeMember, paths.EdgeEligibleMember:
		default:
			return false
		}
	}
	return true
}

// keyOf is the same for paths that differ only in where they begin.
func keyOf(p *paths.Path) string {
	var key strings.Builder
	key.WriteString(p.Start.Type)
	for i := range p.Steps {
		step := &p.Steps[i]
		fmt.Fprintf(&key, "\n%s %s %s %s %v %s", step.To.Type, step.To.ID, step.Edge, step.Until, step.Activation, step.Why)
	}
	return key.String()
}

func stepsOf(dir *directory, p *paths.Path) []stepRow {
	steps := make([]stepRow, 0, len(p.Steps))
	for i := range p.Steps {
		step := &p.Steps[i]
		steps = append(steps, stepRow{
			To: dir.number(step.To), Edge: string(step.Edge), Until: step.Until, Activation: step.Activation, Why: clean(step.Why, longestValue), Page: step.Page,
		})
	}
	return steps
}
