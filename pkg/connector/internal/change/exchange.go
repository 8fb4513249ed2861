package change

import (
	"errors"

	"google.golang.org/grpc/codes"

	"github.com/conductorone/baton-azure-ad/pkg/exchange"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

// ByExchange reports whether a group is changed through Exchange Online.
func (p *Provisioner) ByExchange(g *graph.Group) bool {
	return p.Exchange != nil && g != nil && g.ExchangeManaged()
}

// exchangeCode is the gRPC code of a refusal of Exchange Online, if err is one.
func exchangeCode(err error) (codes.Code, bool) {
	var refusal *exchange.Error
	if !errors.As(err, &refusal) || failure.IsOutcomeUnknown(err) {
		return codes.OK, false
	}
	switch refusal.Reason {
	case exchange.ReasonNoGroup, exchange.ReasonNoRecipient, exchange.ReasonNotKnown:
		return codes.NotFound, true
	case exchange.ReasonNotManager, exchange.ReasonNoAppRole, exchange.ReasonOnlyNewRole, exchange.ReasonNoRole:
		return codes.PermissionDenied, true
	case exchange.ReasonToken, exchange.ReasonNoToken, exchange.ReasonNoTenant:
		return codes.Unauthenticated, true
	case exchange.ReasonLastOwner, exchange.ReasonOther:
		return codes.FailedPrecondition, true
	case exchange.ReasonThrottled:
		return codes.Unavailable, true
	default:
		return codes.Aborted, true
	}
}
