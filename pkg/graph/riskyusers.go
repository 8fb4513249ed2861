package graph

import (
	"context"

	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// RiskyUser is a user whose account Identity Protection thinks may be taken
// over (https://learn.microsoft.com/graph/api/resources/riskyuser).
type RiskyUser struct {
	// ID is the user's id.
	ID                string     `json:"id"`
	UserPrincipalName string     `json:"userPrincipalName"`
	UserDisplayName   string     `json:"userDisplayName"`
	IsDeleted         bool       `json:"isDeleted"`
	RiskLevel         string     `json:"riskLevel"`
	RiskState         string     `json:"riskState"`
	RiskDetail        string     `json:"riskDetail"`
	RiskLastUpdated   TimeOrNone `json:"riskLastUpdatedDateTime"`
}

// maxRiskyUsersPage is the largest page of risky users
// (https://learn.microsoft.com/graph/api/riskyuser-list).
const maxRiskyUsersPage = 500

var riskyUserList = sending.Query{Path: "/identityProtection/riskyUsers", Top: maxRiskyUsersPage}

// ListRiskyUsers reads one page of the users whose risk was ever assessed. One
// request a second is allowed for all applications of the tenant together.
// Permission: IdentityRiskyUser.Read.All; the tenant needs Entra ID P2
// (https://learn.microsoft.com/graph/api/riskyuser-list).
func (c *Client) ListRiskyUsers(ctx context.Context, next string) (*sending.Page[RiskyUser], error) {
	return sending.GetPage[RiskyUser](ctx, c.Sender, sending.OrFirst(next, riskyUserList))
}
