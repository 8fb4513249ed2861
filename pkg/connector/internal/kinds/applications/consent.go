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
	// Type and API are its type and the resource's id.
	Type string `json:"t,omitempty"`
	API  string `json:"r,omitempty"`
}

// forEverybody reports whether an administrator consented for everybody.
func (e *consentEntry) forEverybody() bool {
	return e.Type == graph.ConsentAllPrincipals && e.Person == ""
}

// row is the consent as Graph gives it.
func (e *consentEntry) row() *graph.OAuth2PermissionGrant {
	return &graph.OAuth2PermissionGrant{ID: e.ID, ClientID: e.Client, ConsentType: e.Type, PrincipalID: e.Person, ResourceID: e.API, Scope: e.Scope}
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
			entries = append(entries, consentEntry{
				ID: row.ID, Client: model.ObjectID(row.ClientID), Person: model.ObjectID(row.PrincipalID), Scope: scopes(row.Scope),
				Type: row.ConsentType, API: model.ObjectID(row.ResourceID),
			})
		}
		if err := walk.PutPage(ctx, ix, walk.KeyListed+model.TypeConsent, page.Page, page.Next == nil, entries); err != nil {
			return nil, nil, model.ToStatus(err)
		}
	}
	return page.Resources(func(row *graph.OAuth2PermissionGrant) (*v2.Resource, error) { return s.resource(row, consentNames{}) })
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

// scopes are the permissions of a consent, each once separated by one space:
// Graph keeps the spaces that whoever made the consent has sent.
func scopes(scope string) string { return strings.Join(strings.Fields(scope), " ") }

func (s *ConsentSyncer) resource(g *graph.OAuth2PermissionGrant, names consentNames) (*v2.Resource, error) {
	scope := scopes(g.Scope)
	consent := "user"
	if g.ConsentType == graph.ConsentAllPrincipals {
		consent = "admin"
	}
	profile := map[string]any{
		"id": g.ID, "consentType": g.ConsentType, "givenBy": consent,
		"clientId": model.ObjectID(g.ClientID), "resourceId": model.ObjectID(g.ResourceID),
	}
	model.SetNonEmpty(profile, map[string]string{"principalId": model.ObjectID(g.PrincipalID), model.FieldScope: scope})
	return rs.NewResource(names.of(g.ConsentType, model.DisplayName(scope, "no scopes")), kinds.ConsentResourceType, g.ID,
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
	names, err := s.askNames(ctx, grant)
	if err != nil {
		return nil, nil, model.GetStatus(err)
	}
	found, err := s.resource(grant, names)
	return found, nil, model.GetStatus(err)
}
