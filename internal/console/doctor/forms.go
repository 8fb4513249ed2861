package doctor

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/conductorone/baton-azure-ad/pkg/connector"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/pacing"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// formsPatience waits out throttling as a sync does, and gives up sooner on what
// fails: each form is asked for by itself.
var formsPatience = pacing.RetryPolicy{Attempts: 4, BaseDelay: time.Second, MaxDelay: 90 * time.Second, AttemptTimeout: time.Minute}

// FormsReport says which forms of request this tenant's Graph answers. Written as
// JSON it has nothing of the tenant in it: no ids, names, domains, ids of
// requests, hosts, nor the size of any collection.
type FormsReport struct {
	// Version is formsVersion.
	Version int `json:"version"`
	// Connector is the build's version.
	Connector string `json:"connector_version"`
	// Date is the day.
	Date string `json:"date"`
	// Cloud is the name of Microsoft's cloud, or privateHosts.
	Cloud string `json:"cloud"`
	// Whole is whether a sync reads everything, as far as this shows.
	Whole   bool           `json:"whole"`
	Ladders []LadderReport `json:"ladders"`
}

// formsVersion changes when a field of the report goes away or changes its
// meaning.
const formsVersion = 1

// privateHosts is the cloud of hosts that are not Microsoft's.
const privateHosts = "private"

// LadderReport is what was found about one ladder.
type LadderReport struct {
	Reading string `json:"reading"`
	Variant string `json:"variant,omitempty"`
	// Optional and Aside are those of sending.Example.
	Optional bool         `json:"optional"`
	Aside    bool         `json:"aside"`
	Forms    []FormReport `json:"forms"`
	Verdict  Verdict      `json:"verdict"`
	// Sync is the verdict as a sentence.
	Sync string `json:"sync"`
}

// FormReport is what one form met with.
type FormReport struct {
	Step    int             `json:"step"`
	Form    string          `json:"form"`
	Outcome sending.Outcome `json:"outcome"`
	Status  int             `json:"status,omitempty"`
	Code    string          `json:"code,omitempty"`
	// Page says how far a page went, Rows and Asked how many rows it has and how
	// many were asked for. Rows is left out of JSON where it would be the size of
	// the collection.
	Page  PageCap `json:"page,omitempty"`
	Rows  int     `json:"rows,omitempty"`
	Asked int     `json:"rows_asked,omitempty"`
	// Relation says the same of the expanded relation of a row, and RelationRows
	// the most rows that one has, left out of JSON where it tells nothing of a cap.
	Relation     PageCap `json:"relation,omitempty"`
	RelationRows int     `json:"relation_rows,omitempty"`
	Units        int64   `json:"resource_units"`
	Seconds      float64 `json:"seconds"`
	// Slowest is the longest of several requests, in seconds.
	Slowest float64 `json:"slowest_seconds,omitempty"`
}

// PageCap is how far a page, or a relation, goes.
type PageCap string

// The caps.
const (
	// CapNone is as much as was asked for.
	CapNone PageCap = "as asked for"
	// CapLower is less than was asked for, though there is more.
	CapLower PageCap = "capped"
	// CapGraphs is as much as Graph chose, where nothing was asked for.
	CapGraphs PageCap = "of Graph's own size"
	// CapAbove is a collection that ends on its first page, of more than
	// expandedPage rows.
	CapAbove PageCap = "more than 100 rows"
	// CapUnknown is where there is too little to tell.
	CapUnknown PageCap = "not enough rows to tell"
	// CapMissing is a relation that was asked for and is on no row.
	CapMissing PageCap = "not in the answer"
)

// expandedPage is how many rows a page is said to have at most where a relation is
// expanded.
const expandedPage = 100

// outcomeSame is a form that makes the same request as the one above it.
const outcomeSame sending.Outcome = "as above"

// RunForms tries all forms of request. The error says that it could not begin, or
// was interrupted.
func RunForms(ctx context.Context, o Options) (*FormsReport, error) {
	cloud, err := connector.Cloud(o.Config)
	if err != nil {
		return nil, err
	}
	c, err := connector.New(o.Config, o.Opts, connector.Options{Version: o.Version, Retry: formsPatience})
	if err != nil {
		return nil, err
	}
	if err := checkWay(ctx, c); err != nil {
		return nil, err
	}
	r := &FormsReport{Version: formsVersion, Connector: o.Version, Date: time.Now().UTC().Format(time.DateOnly), Cloud: cloud.Name, Whole: true}
	if !signin.IsMicrosoftHost(cloud.AuthorityHost) || !signin.IsMicrosoftHost(cloud.GraphEndpoint) {
		r.Cloud = privateHosts
	}
	subjects := &subjects{client: c.Client()}
	for _, e := range graph.Examples() {
		ladder, err := tryLadder(ctx, e, subjects)
		if err != nil {
			return nil, err
		}
		r.Ladders = append(r.Ladders, *ladder)
		r.Whole = r.Whole && (ladder.Verdict == VerdictUsed || ladder.Verdict == VerdictUntold || e.Aside)
	}
	return r, nil
}

// checkWay makes sure that Graph answers at all, for the tenant that was meant.
func checkWay(ctx context.Context, c *connector.Connector) error {
	ctx, cancel := context.WithTimeout(ctx, tenantLimit)
	defer cancel()
	organization, err := c.Organization(ctx)
	var refusal *failure.Error
	switch {
	case err == nil:
		return c.CheckTenant(organization)
	case errors.As(err, &refusal) && failure.IsAccessDenied(err):
		return nil
	}
	return fmt.Errorf("no form can be tried (doctor without --forms says more): %w", err)
}

// tryLadder tries each form of one ladder.
func tryLadder(ctx context.Context, e *sending.Example, all *subjects) (*LadderReport, error) {
	l := &LadderReport{Reading: e.Ladder.Name, Variant: e.Variant, Optional: e.Optional, Aside: e.Aside, Forms: []FormReport{}}
	subject, found, err := all.find(ctx, e.Needs)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil || !found:
		l.judgeUnasked(e, err)
		return l, nil
	}
	for step, s := range e.Ladder.Steps {
		form := FormReport{Step: step, Form: s.Form, Outcome: outcomeSame}
		if !e.Same(step, subject) {
			trial, err := e.Try(ctx, all.client.Sender, step, subject)
			if err != nil {
				return nil, err
			}
			form.take(trial)
		}
		l.Forms = append(l.Forms, form)
	}
	l.judge(e)
	return l, nil
}

// take notes what a trial showed.
func (f *FormReport) take(t sending.Trial) {
	f.Outcome, f.Status, f.Code, f.Units = t.Outcome, t.Status, t.Code, t.Units
	f.Seconds, f.Slowest = t.Took.Round(time.Millisecond).Seconds(), t.Slowest.Round(time.Millisecond).Seconds()
	f.Asked = t.Asked
	if t.Outcome != sending.OutcomeAnswered || !t.Listing {
		return
	}
	f.Rows = t.Rows
	switch {
	case t.Asked > 0 && t.Rows >= t.Asked:
		f.Page = CapNone
	case !t.More && t.Rows > expandedPage:
		f.Page = CapAbove
	case !t.More:
		f.Page = CapUnknown
	case t.Asked > 0:
		f.Page = CapLower
	default:
		f.Page = CapGraphs
	}
	f.RelationRows = t.Relation
	switch {
	case !t.Expands && !t.Related, t.Rows == 0:
	case !t.Related:
		f.Relation = CapMissing
	case t.Expands && t.Relation == graph.ExpandLimit:
		f.Relation = CapLower
	case !t.Expands && t.More: // The pages of a delta query end where Graph likes.
		f.Relation = CapGraphs
	case t.Relation > graph.ExpandLimit:
		f.Relation = CapNone
	default:
		f.Relation = CapUnknown
	}
}
