package accesspackages

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
	"github.com/conductorone/baton-azure-ad/pkg/graph/pim"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// assignment is an assignment in which access is held.
type assignment struct {
	ID      string `json:"i"`
	Package string `json:"p"`
	Policy  string `json:"y"`
	Target  string `json:"t"`
	// State is as Graph has it: all of the package is held, or a part.
	State string     `json:"s"`
	Start *time.Time `json:"b,omitempty"`
	End   *time.Time `json:"e,omitempty"`
}

// keyAssignments leads to the pages of assignments.
const keyAssignments = "packageassignments"

// listAssignments reads one page of the assignments in one state, which wait in the
// index for the grants. Each state is a listing of its own: a filter with both is
// documented nowhere.
func (s *Syncer) listAssignments(ctx context.Context, ix walk.Index, c walk.Cursor, state, follow string) (*walk.Cursor, error) {
	page, err := walk.ReadPage(ctx, c, func(ctx context.Context, next string) (*sending.Page[graph.AccessPackageAssignment], error) {
		return s.Client.ListAccessPackageAssignments(ctx, state, next)
	})
	if err != nil {
		return nil, err
	}
	kept := make([]assignment, 0, len(page.Rows))
	var forWhat, forWhom lacking
	for i := range page.Rows {
		row := &page.Rows[i]
		if !strings.EqualFold(row.State, state) {
			continue
		}
		forWhat.count(row.AccessPackage == nil)
		forWhom.count(row.Target == nil)
		if row.Target == nil || row.Target.ObjectID == "" {
			s.Left.Add(walk.LeftHalfDelivered, 1)
			continue
		}
		kept = append(kept, assignment{
			ID: row.ID, Package: model.ObjectID(row.AccessPackage.Of()), Policy: model.ObjectID(row.AssignmentPolicy.Of()), Target: model.ObjectID(row.Target.ObjectID),
			State: row.State, Start: row.Schedule.StartDateTime.Time, End: endOf(row),
		})
	}
	if err := cmp.Or(forWhat.err(c, "the package"), forWhom.err(c, "whom they are for")); err != nil {
		return nil, err
	}
	next := walk.Following(page, c, follow)
	if err := walk.PutPage(ctx, ix, keyAssignments, c.Stored, next.Phase == phaseParents, kept); err != nil {
		return nil, err
	}
	next.Stored = c.Stored + 1
	return next, nil
}

// lacking counts the rows of a page that come without what they were asked for with.
type lacking struct{ rows, without int }

func (l *lacking) count(without bool) {
	l.rows++
	if without {
		l.without++
	}
}

// err is the error of a listing that was answered without what it was asked for with: by
// its rows nobody would hold anything. A row can lack it for a reason of its own, and the
// last page can be one row.
func (l *lacking) err(c walk.Cursor, what string) error {
	if l.without == 0 || l.without < l.rows || l.rows == 1 && c.Page > 0 {
		return nil
	}
	return fmt.Errorf("%w: all rows come without %s", forms.ErrMisses, what)
}

// endOf is when an assignment ends; nil for never. Graph tells the moment, or how long
// it lasts.
func endOf(row *graph.AccessPackageAssignment) *time.Time {
	schedule := &row.Schedule
	if schedule.Expiration.EndDateTime.Time != nil || schedule.Expiration.Duration == "" || schedule.StartDateTime.Time == nil {
		return schedule.Expiration.EndDateTime.Time
	}
	length, err := pim.ParseISODuration(schedule.Expiration.Duration, *schedule.StartDateTime.Time)
	if err != nil {
		return nil
	}
	end := schedule.StartDateTime.Time.Add(length)
	return &end
}

// GrantsForResourceType gives who holds packages, one page of the listed assignments.
func (s *Syncer) GrantsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	c, err := walk.DecodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	if reads, err := s.Decider.Reads(ctx, ix, model.DataAccessPackages); err != nil || !reads {
		return nil, nil, model.ToStatus(err)
	}
	rows, more, err := walk.GetPage[assignment](ctx, ix, keyAssignments, c.Page)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	grants, err := s.grants(ctx, ix, rows)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	if !more {
		return grants, nil, nil
	}
	token, err := walk.EncodeToken(walk.Cursor{Version: walk.TokenVersion, Page: c.Page + 1})
	return grants, walk.Results(token), err
}

func (s *Syncer) grants(ctx context.Context, ix walk.Index, rows []assignment) ([]*v2.Grant, error) {
	packages, policies, targets := make([]string, 0, len(rows)), make([]string, 0, len(rows)), make([]string, 0, len(rows))
	for i := range rows {
		packages, policies, targets = append(packages, rows[i].Package), append(policies, rows[i].Policy), append(targets, rows[i].Target)
	}
	listed, err := ix.Objects(ctx, packages)
	if err != nil {
		return nil, err
	}
	of, err := walk.Get[string](ctx, ix, keyPolicyOf, policies)
	if err != nil {
		return nil, err
	}
	known, err := kinds.LookUpPrincipals(ctx, ix, nil, targets)
	if err != nil {
		return nil, err
	}
	var grants []*v2.Grant
	for i := range rows {
		row := &rows[i]
		switch {
		case listed[row.Package] != model.TypeAccessPackage:
			s.Left.Add(walk.LeftGonePackage, 1)
			continue
		case of[row.Policy] != row.Package:
			s.Left.Add(walk.LeftGonePolicy, 1)
			continue
		}
		principalType, ok := known.Found(row.Target, s.Left)
		if !ok {
			continue
		}
		g := model.NewGrant(model.EntitlementOf(model.TypeAccessPackage, row.Package, row.Policy), principalType, row.Target)
		err := model.WithMetadata(g, map[string]any{
			"state": row.State, "assignmentId": row.ID, model.FieldStart: model.Timestamp(row.Start), model.FieldEnd: model.Timestamp(row.End),
		})
		if err != nil {
			return nil, err
		}
		grants = append(grants, g)
	}
	return grants, nil
}
