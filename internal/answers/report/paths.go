package report

import (
	"context"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// rolePaths are the paths to a role of tier 0.
type rolePaths struct {
	Role  int       `json:"role"`
	Paths []pathRow `json:"paths"`
	// More is how many paths are left out.
	More int `json:"more,omitempty"`
}

// pathRow is a path that one or more objects are at the start of: they differ in
// nothing else.
type pathRow struct {
	Starts []int     `json:"starts"`
	Steps  []stepRow `json:"steps"`
}

// stepRow is a step of a path, from where the step before leads.
type stepRow struct {
	To         int    `json:"to"`
	Edge       string `json:"edge"`
	Label      string `json:"label,omitempty"`
	Until      string `json:"until,omitempty"`
	Activation bool   `json:"activation,omitempty"`
	Why        string `json:"why,omitempty"`
	Page       string `json:"page,omitempty"`
}

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

func pathsTo(_ context.Context, _ *access.Snapshot, _ *directory, _ []roleRow) ([]rolePaths, error) {
	return nil, nil
}
