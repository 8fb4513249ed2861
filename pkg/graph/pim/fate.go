package pim

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// Fate is what Microsoft says has become of a request to Privileged Identity
// Management: a request is taken with 201 also where it is denied or waits for
// somebody (https://learn.microsoft.com/graph/api/resources/request).
type Fate struct {
	ID     string `json:"id"`
	Status string `json:"status"`
	path   string
}

// The states of a request in which it has been carried out, and those in which it is
// still to be. Every other one means that it was not and will not be of itself.
var (
	carriedOut = []string{"Granted", "Provisioned", "Revoked"}
	underWay   = []string{"PendingProvisioning", "PendingScheduleCreation", "PendingEvaluation", "ScheduleCreated", "Accepted", ""}
)

// Done reports whether the request was carried out.
func (f *Fate) Done() bool { return isState(f.Status, carriedOut) }

// Open reports whether Microsoft is still to carry it out. One without an id cannot be
// looked up.
func (f *Fate) Open() bool { return f.ID != "" && isState(f.Status, underWay) }

func isState(state string, among []string) bool {
	return slices.ContainsFunc(among, func(s string) bool { return strings.EqualFold(s, state) })
}

// Err is the error of a request that was not carried out.
func (f *Fate) Err() error {
	return &failure.NotCarriedOutError{Operation: "POST " + f.path, ID: f.ID, Status: f.Status}
}

// LookAgain looks again at what has become of a request. Permission: that of the
// request.
func LookAgain(ctx context.Context, c *graph.Client, of Fate) (Fate, error) {
	now, err := sending.GetObject[Fate](ctx, c.Sender, sending.Query{Path: of.path + "/" + url.PathEscape(of.ID), Fields: []string{"id", "status"}}.String())
	if err != nil {
		return of, err
	}
	now.path = of.path
	return *now, nil
}
