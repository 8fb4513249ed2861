package users

import (
	"context"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

// RiskSyncer reads which users' accounts may be taken over, as Identity
// Protection sees it.
type RiskSyncer struct {
	kinds.Kit
}

// NewRisk reads people at risk.
func NewRisk(k kinds.Kit) *RiskSyncer {
	return &RiskSyncer{k}
}

// ResourceType is the user risk type.
func (s *RiskSyncer) ResourceType(context.Context) *v2.ResourceType {
	return kinds.UserRiskResourceType
}

// List reads one page of risky users. Those whose risk is dealt with are left
// out.
func (s *RiskSyncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	c, err := walk.DecodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	if reads, err := s.Decider.Reads(ctx, walk.Index{Store: opts.Session}, model.DataRisk); err != nil || !reads {
		return nil, nil, model.ToStatus(err)
	}
	page, err := walk.ReadPage(ctx, c, s.Client.ListRiskyUsers)
	if err != nil {
		return nil, nil, decide.LeftOutAt(ctx, c, model.DataRisk, err)
	}
	page.Rows = slices.DeleteFunc(page.Rows, func(u graph.RiskyUser) bool { return !atRisk(&u) })
	return page.Resources(s.resource)
}

// atRisk reports whether the risk is not dealt with.
func atRisk(u *graph.RiskyUser) bool {
	return !u.IsDeleted && (u.RiskState == "atRisk" || u.RiskState == "confirmedCompromised")
}

// riskScores put Microsoft's levels on Baton's scale from 0 to 100. "hidden" is
// what a tenant without the licence for the level sees.
var riskScores = map[string]uint32{"low": 30, "medium": 60, "high": 90, "hidden": 50}

var riskSeverities = map[string]v2.RiskFactor_Severity{
	"low": v2.RiskFactor_SEVERITY_LOW, "medium": v2.RiskFactor_SEVERITY_MEDIUM, "high": v2.RiskFactor_SEVERITY_HIGH,
}

func (s *RiskSyncer) resource(u *graph.RiskyUser) (*v2.Resource, error) {
	id := model.ObjectID(u.ID)
	score := riskScores[u.RiskLevel]
	if u.RiskState == "confirmedCompromised" {
		score = 100
	}
	trait := []rs.SecurityInsightTraitOption{
		rs.WithNormalizedRiskScore(score, u.RiskLevel),
		rs.WithInsightResourceTarget(model.ResourceID(model.TypeUser, id)),
	}
	if updated := u.RiskLastUpdated.Time; updated != nil {
		trait = append(trait, rs.WithInsightObservedAt(*updated))
	}
	if u.RiskDetail != "" && u.RiskDetail != "none" {
		trait = append(trait, rs.WithRiskFactors(rs.NewRiskFactor(u.RiskDetail, riskSeverities[u.RiskLevel])))
	}
	profile := map[string]any{"id": id, "riskState": u.RiskState, "riskLevel": u.RiskLevel}
	model.SetNonEmpty(profile, map[string]string{"riskDetail": u.RiskDetail, "riskLastUpdatedDateTime": model.Timestamp(u.RiskLastUpdated.Time)})
	return rs.NewResource("Risk of "+model.DisplayName(u.UserDisplayName, u.UserPrincipalName, id), kinds.UserRiskResourceType, id,
		rs.WithSecurityInsightTrait(trait...),
		rs.WithResourceProfile(profile),
		s.Portal.Link(model.UserBlade, id),
	)
}

// Get reads one user's risk. Risk that is dealt with is left out, as in a
// listing.
func (s *RiskSyncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	checked, err := model.CheckedObjectID(id)
	if err != nil {
		return nil, nil, err
	}
	risky, err := s.Client.RiskyUser(ctx, checked)
	if failure.IsAbsent(err) || err == nil && !atRisk(risky) {
		return nil, nil, model.GetStatus(model.NotThere(id, "is not at risk"))
	}
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	found, err := s.resource(risky)
	return found, nil, model.ToStatus(err)
}
