package connector

import (
	"context"
	"slices"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

// userRiskSyncer reads which users' accounts may be taken over, as Identity
// Protection sees it.
type userRiskSyncer struct {
	kit
}

// newUserRiskSyncer reads people at risk.
func newUserRiskSyncer(k kit) *userRiskSyncer {
	return &userRiskSyncer{k}
}

// ResourceType is the user risk type.
func (s *userRiskSyncer) ResourceType(context.Context) *v2.ResourceType { return userRiskResourceType }

// List reads one page of risky users. Those whose risk is dealt with are left
// out.
func (s *userRiskSyncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	c, err := decodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	if reads, err := s.decider.reads(ctx, index{opts.Session}, dataRisk); err != nil || !reads {
		return nil, nil, toStatus(err)
	}
	page, err := readPage(ctx, c, s.client.ListRiskyUsers)
	if err != nil {
		return nil, nil, leftOutAt(ctx, c, dataRisk, err)
	}
	page.rows = slices.DeleteFunc(page.rows, func(u graph.RiskyUser) bool { return !atRisk(&u) })
	return page.resources(s.resource)
}

// atRisk reports whether the risk is not dealt with.
func atRisk(u *graph.RiskyUser) bool {
	return !u.IsDeleted && (u.RiskState == "atRisk" || u.RiskState == "confirmedCompromised")
}

// Entitlements has nothing to give.
func (s *userRiskSyncer) Entitlements(context.Context, *v2.Resource, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	return nil, nil, nil
}

// Grants has nothing to give.
func (s *userRiskSyncer) Grants(context.Context, *v2.Resource, rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	return nil, nil, nil
}

// riskScores put Microsoft's levels on Baton's scale from 0 to 100. "hidden" is
// what a tenant without the licence for the level sees.
var riskScores = map[string]uint32{"low": 30, "medium": 60, "high": 90, "hidden": 50}

var riskSeverities = map[string]v2.RiskFactor_Severity{
	"low": v2.RiskFactor_SEVERITY_LOW, "medium": v2.RiskFactor_SEVERITY_MEDIUM, "high": v2.RiskFactor_SEVERITY_HIGH,
}

func (s *userRiskSyncer) resource(u *graph.RiskyUser) (*v2.Resource, error) {
	id := objectID(u.ID)
	score := riskScores[u.RiskLevel]
	if u.RiskState == "confirmedCompromised" {
		score = 100
	}
	trait := []rs.SecurityInsightTraitOption{
		rs.WithNormalizedRiskScore(score, u.RiskLevel),
		rs.WithInsightResourceTarget(resourceID(typeUser, id)),
	}
	if updated := u.RiskLastUpdated.Time; updated != nil {
		trait = append(trait, rs.WithInsightObservedAt(*updated))
	}
	if u.RiskDetail != "" && u.RiskDetail != "none" {
		trait = append(trait, rs.WithRiskFactors(rs.NewRiskFactor(u.RiskDetail, riskSeverities[u.RiskLevel])))
	}
	profile := map[string]any{"id": id, "riskState": u.RiskState, "riskLevel": u.RiskLevel}
	setNonEmpty(profile, map[string]string{"riskDetail": u.RiskDetail, "riskLastUpdatedDateTime": timestamp(u.RiskLastUpdated.Time)})
	return rs.NewResource("Risk of "+displayName(u.UserDisplayName, u.UserPrincipalName, id), userRiskResourceType, id,
		rs.WithSecurityInsightTrait(trait...),
		rs.WithResourceProfile(profile),
		s.portal.link(userBlade, id),
	)
}

// Get reads one user's risk. Risk that is dealt with is left out, as in a
// listing.
func (s *userRiskSyncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	checked, err := checkedObjectID(id)
	if err != nil {
		return nil, nil, err
	}
	risky, err := s.client.RiskyUser(ctx, checked)
	if failure.IsAbsent(err) || err == nil && !atRisk(risky) {
		return nil, nil, getStatus(notThere(id, "is not at risk"))
	}
	if err != nil {
		return nil, nil, toStatus(err)
	}
	found, err := s.resource(risky)
	return found, nil, toStatus(err)
}
