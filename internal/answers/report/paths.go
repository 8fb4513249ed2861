package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
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
	// many paths are left out.
	Starts int `json:"starts"`
	More   int `json:"more,omitempty"`
}

// pathRow is a path that one or more objects are at the start of: they differ in
// nothing else but until when they hold what it begins with.
type pathRow struct {
	// Zero says that the starts hold or may activate a role of tier 0 themselves.
	Zero   bool     `json:"zero,omitempty"`
	Starts []int    `json:"starts"`
	Untils []string `json:"untils,omitempty"`
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

// What the page shows of paths: how many pictures of each role, by who is in no role of
// tier 0 and who is, and how many names at the beginning of each.
const (
	picturesShown = 30
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

// pathsTo finds the paths to the roles of tier 0 that somebody holds or may activate,
// and what the snapshot cannot know of ways to them.
func pathsTo(ctx context.Context, s *access.Snapshot, dir *directory, roles []roleRow) ([]rolePaths, []string, error) {
	finder, err := paths.NewFinder(ctx, s)
	if err != nil {
		return nil, nil, fmt.Errorf("looking for paths: %w", err)
	}
	found, unknown := []rolePaths{}, []string{}
	for i := range roles {
		if roles[i].Tier != 0 || roles[i].Scope != "" {
			continue
		}
		result, err := finder.To(ctx, dir.ref(roles[i].Role), paths.Options{})
		if err != nil {
			return nil, nil, fmt.Errorf("looking for paths to %s: %w", terminal.Harmless(roles[i].Name), err)
		}
		found = append(found, *rolePathsOf(dir, roles[i].Role, result))
		for _, text := range result.Unknown {
			if text = clean(text, longestValue); !slices.Contains(unknown, text) {
				unknown = append(unknown, text)
			}
		}
	}
	return found, unknown, nil
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
		start := dir.number(path.Start)
		zero := dir.objects[start].flags&flagTierZero != 0
		key := keyOf(path, zero)
		at, known := places[key]
		if !known {
			at = len(r.Paths)
			places[key] = at
			r.Paths = append(r.Paths, pathRow{Zero: zero, Steps: stepsOf(dir, path)})
		}
		row := &r.Paths[at]
		if len(row.Starts) == startsShown {
			row.More++
			continue
		}
		row.Starts, row.Untils = append(row.Starts, start), append(row.Untils, path.Steps[0].Until)
	}
	r.settle()
	return r
}

// settle puts those first who are in no role of tier 0, cuts what is too much, and says
// until when the first step holds where that is the same for all.
func (r *rolePaths) settle() {
	slices.SortStableFunc(r.Paths, func(a, b pathRow) int {
		switch {
		case a.Zero == b.Zero:
			return cmp.Compare(len(a.Steps), len(b.Steps))
		case a.Zero:
			return 1
		default:
			return -1
		}
	})
	shown := map[bool]int{}
	all := len(r.Paths)
	r.Paths = slices.DeleteFunc(r.Paths, func(p pathRow) bool {
		shown[p.Zero]++
		return shown[p.Zero] > picturesShown
	})
	r.More = all - len(r.Paths)
	for i := range r.Paths {
		row := &r.Paths[i]
		row.Steps[0].Until = ""
		if len(slices.Compact(slices.Clone(row.Untils))) == 1 {
			row.Steps[0].Until, row.Untils = row.Untils[0], nil
		}
	}
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

// keyOf is the same for paths that differ only in where they begin, and until when what
// they begin with is held.
func keyOf(p *paths.Path, zero bool) string {
	var key strings.Builder
	fmt.Fprintf(&key, "%v %s", zero, p.Start.Type)
	for i := range p.Steps {
		step := &p.Steps[i]
		until := step.Until
		if i == 0 {
			until = ""
		}
		fmt.Fprintf(&key, "\n%s %s %s %s %v %s", step.To.Type, step.To.ID, step.Edge, until, step.Activation, step.Why)
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
