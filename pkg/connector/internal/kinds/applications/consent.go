package applications

import (
	"context"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// ConsentSyncer reads delegated consents: that an application may act for a
// person, or for everybody, at a resource.
type ConsentSyncer struct {
	kinds.Kit
}

// NewConsents reads consents and takes them away.
func NewConsents(k kinds.Kit) *ConsentSyncer {
	return &ConsentSyncer{k}
}

// ResourceType is the consent type.
func (s *ConsentSyncer) ResourceType(context.Context) *v2.ResourceType {
	return kinds.ConsentResourceType
}

// consentEntry is a listed consent.
type consentEntry struct {
	ID     string `json:"i"`
	Client string `json:"c"`
	// Person is whose consent it is; empty for everybody's.
	Person string `json:"p,omitempty"`
	Scope  string `json:"s,omitempty"`
}

// List reads one page of consents.
func (s *ConsentSyncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	c, err := walk.DecodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	if reads, err := s.Decider.Reads(ctx, ix, model.DataConsents); err != nil || !reads {
		return nil, nil, model.ToStatus(err)
	}
	page, err := walk.ReadPage(ctx, c, s.Client.ListOAuth2PermissionGrants)
	if err != nil {
		return nil, nil, decide.LeftOutAt(ctx, c, model.DataConsents, err)
	}
	if !page.Restarted {
		entries := make([]consentEntry, 0, len(page.Rows))
		for i := range page.Rows {
			row := &page.Rows[i]
			entries = append(entries, consentEntry{row.ID, model.ObjectID(row.ClientID), model.ObjectID(row.PrincipalID), scopes(row.Scope)})
		}
		if err := walk.PutPage(ctx, ix, walk.KeyListed+model.TypeConsent, page.Page, page.Next == nil, entries); err != nil {
			return nil, nil, model.ToStatus(err)
		}
	}
	return page.Resources(s.resource)
}

// StaticEntitlements are what every consent offers.
func (s *ConsentSyncer) StaticEntitlements(context.Context, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	return []*v2.Entitlement{
		entitlement.NewPermissionEntitlement(model.ResourceRef(model.TypeConsent, ""), model.SlugGranted,
			entitlement.WithDisplayName("Granted"),
			entitlement.WithDescription("May act within the consent's scopes; the person who gave the consent holds it too"),
			entitlement.WithGrantableTo(kinds.GrantableToIdentities...)),
	}, nil, nil
}

// GrantsForResourceType gives one page of the listed consents to the
// applications that may act, and to the people who gave them.
func (s *ConsentSyncer) GrantsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	c, err := walk.DecodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	if reads, err := s.Decider.Reads(ctx, ix, model.DataConsents); err != nil || !reads {
		return nil, nil, model.ToStatus(err)
	}
	entries, more, err := walk.GetPage[consentEntry](ctx, ix, walk.KeyListed+model.TypeConsent, c.Page)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	clients := make([]string, 0, len(entries))
	for _, e := range entries {
		clients = append(clients, e.Client)
	}
	known, err := kinds.LookUpPrincipals(ctx, ix, nil, clients)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	var grants []*v2.Grant
	for _, e := range entries {
		holders := []walk.Holder{}
		if client, ok := known.TypeOf(graph.KindServicePrincipal, e.Client, s.Left); ok {
			holders = append(holders, walk.Holder{Type: client, ID: e.Client})
		}
		if e.Person != "" {
			if person, ok := known.TypeOf(graph.KindUser, e.Person, s.Left); ok {
				holders = append(holders, walk.Holder{Type: person, ID: e.Person})
			}
		}
		for _, h := range holders {
			g := model.NewGrant(model.EntitlementOf(model.TypeConsent, e.ID, model.SlugGranted), h.Type, h.ID)
			if err := model.WithMetadata(g, map[string]any{model.FieldScope: e.Scope}); err != nil {
				return nil, nil, model.ToStatus(err)
			}
			grants = append(grants, g)
		}
	}
	if !more {
		return grants, nil, nil
	}
	token, err := walk.EncodeToken(walk.Cursor{Version: walk.TokenVersion, Page: c.Page + 1})
	return grants, walk.Results(token), err
}

// scopes are the permissions of a consent, each once separated by one space:
// Graph keeps the spaces that whoever made the consent has sent.
func scopes(scope string) string { return strings.Join(strings.Fields(scope), " ") }

func (s *ConsentSyncer) resource(g *graph.OAuth2PermissionGrant) (*v2.Resource, error) {
	scope := scopes(g.Scope)
	name := "Consent of one person: "
	consent := "user"
	if g.ConsentType == graph.ConsentAllPrincipals {
		name, consent = "Consent for everybody: ", "admin"
	}
	profile := map[string]any{
		"id": g.ID, "consentType": g.ConsentType, "givenBy": consent,
		"clientId": model.ObjectID(g.ClientID), "resourceId": model.ObjectID(g.ResourceID),
	}
	model.SetNonEmpty(profile, map[string]string{"principalId": model.ObjectID(g.PrincipalID), model.FieldScope: scope})
	return rs.NewResource(name+model.DisplayName(scope, "no scopes"), kinds.ConsentResourceType, g.ID,
		rs.WithResourceProfile(profile),
		s.Portal.Link(model.ConsentBlade, model.ObjectID(g.ClientID)),
	)
}

// Get reads one consent.
func (s *ConsentSyncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	if !model.ConsentIDForm.MatchString(id.GetResource()) {
		return nil, nil, model.Malformed(id, "of letters, digits, - and _")
	}
	grant, err := s.Client.OAuth2PermissionGrant(ctx, id.GetResource())
	if err != nil {
		return nil, nil, model.GetStatus(err)
	}
	found, err := s.resource(grant)
	return found, nil, model.GetStatus(err)
}
