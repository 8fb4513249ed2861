package connector

import (
	"context"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/types/entitlement"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// consentSyncer reads delegated consents: that an application may act for a
// person, or for everybody, at a resource.
type consentSyncer struct {
	kit
}

// newConsentSyncer reads consents and takes them away.
func newConsentSyncer(k kit) *consentSyncer {
	return &consentSyncer{k}
}

// ResourceType is the consent type.
func (s *consentSyncer) ResourceType(context.Context) *v2.ResourceType { return consentResourceType }

// consentEntry is a listed consent.
type consentEntry struct {
	ID     string `json:"i"`
	Client string `json:"c"`
	// Person is whose consent it is; empty for everybody's.
	Person string `json:"p,omitempty"`
	Scope  string `json:"s,omitempty"`
}

// List reads one page of consents.
func (s *consentSyncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	c, err := decodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := index{opts.Session}
	if reads, err := s.decider.reads(ctx, ix, dataConsents); err != nil || !reads {
		return nil, nil, toStatus(err)
	}
	page, err := readPage(ctx, c, s.client.ListOAuth2PermissionGrants)
	if err != nil {
		return nil, nil, leftOutAt(ctx, c, dataConsents, err)
	}
	if !page.restarted {
		entries := make([]consentEntry, 0, len(page.rows))
		for i := range page.rows {
			row := &page.rows[i]
			entries = append(entries, consentEntry{row.ID, objectID(row.ClientID), objectID(row.PrincipalID), scopes(row.Scope)})
		}
		if err := putPage(ctx, ix, keyListed+typeConsent, page.page, page.next == nil, entries); err != nil {
			return nil, nil, toStatus(err)
		}
	}
	return page.resources(s.resource)
}

// StaticEntitlements are what every consent offers.
func (s *consentSyncer) StaticEntitlements(context.Context, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	return []*v2.Entitlement{
		entitlement.NewPermissionEntitlement(resourceRef(typeConsent, ""), slugGranted,
			entitlement.WithDisplayName("Granted"),
			entitlement.WithDescription("May act within the consent's scopes; the person who gave the consent holds it too"),
			entitlement.WithGrantableTo(grantableToIdentities...)),
	}, nil, nil
}

// Entitlements has nothing to add to StaticEntitlements.
func (s *consentSyncer) Entitlements(context.Context, *v2.Resource, rs.SyncOpAttrs) ([]*v2.Entitlement, *rs.SyncOpResults, error) {
	return nil, nil, nil
}

// Grants has nothing to add to GrantsForResourceType.
func (s *consentSyncer) Grants(context.Context, *v2.Resource, rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	return nil, nil, nil
}

// GrantsForResourceType gives one page of the listed consents to the
// applications that may act, and to the people who gave them.
func (s *consentSyncer) GrantsForResourceType(ctx context.Context, _ string, opts rs.SyncOpAttrs) ([]*v2.Grant, *rs.SyncOpResults, error) {
	c, err := decodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := index{opts.Session}
	if reads, err := s.decider.reads(ctx, ix, dataConsents); err != nil || !reads {
		return nil, nil, toStatus(err)
	}
	entries, more, err := getPage[consentEntry](ctx, ix, keyListed+typeConsent, c.Page)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	clients := make([]string, 0, len(entries))
	for _, e := range entries {
		clients = append(clients, e.Client)
	}
	known, err := lookUpPrincipals(ctx, ix, nil, clients)
	if err != nil {
		return nil, nil, toStatus(err)
	}
	var grants []*v2.Grant
	for _, e := range entries {
		holders := []holder{}
		if client, ok := known.typeOf(graph.KindServicePrincipal, e.Client, s.left); ok {
			holders = append(holders, holder{client, e.Client})
		}
		if e.Person != "" {
			if person, ok := known.typeOf(graph.KindUser, e.Person, s.left); ok {
				holders = append(holders, holder{person, e.Person})
			}
		}
		for _, h := range holders {
			g := newGrant(entitlementOf(typeConsent, e.ID, slugGranted), h.Type, h.ID)
			if err := withMetadata(g, map[string]any{fieldScope: e.Scope}); err != nil {
				return nil, nil, toStatus(err)
			}
			grants = append(grants, g)
		}
	}
	if !more {
		return grants, nil, nil
	}
	token, err := encodeToken(cursor{Version: tokenVersion, Page: c.Page + 1})
	return grants, results(token), err
}

// scopes are the permissions of a consent, each once separated by one space:
// Graph keeps the spaces that whoever made the consent has sent.
func scopes(scope string) string { return strings.Join(strings.Fields(scope), " ") }

func (s *consentSyncer) resource(g *graph.OAuth2PermissionGrant) (*v2.Resource, error) {
	scope := scopes(g.Scope)
	name := "Consent of one person: "
	consent := "user"
	if g.ConsentType == graph.ConsentAllPrincipals {
		name, consent = "Consent for everybody: ", "admin"
	}
	profile := map[string]any{
		"id": g.ID, "consentType": g.ConsentType, "givenBy": consent,
		"clientId": objectID(g.ClientID), "resourceId": objectID(g.ResourceID),
	}
	setNonEmpty(profile, map[string]string{"principalId": objectID(g.PrincipalID), fieldScope: scope})
	return rs.NewResource(name+displayName(scope, "no scopes"), consentResourceType, g.ID,
		rs.WithResourceProfile(profile),
		s.portal.link(consentBlade, objectID(g.ClientID)),
	)
}

// Get reads one consent.
func (s *consentSyncer) Get(ctx context.Context, id, _ *v2.ResourceId) (*v2.Resource, annotations.Annotations, error) {
	if !consentIDForm.MatchString(id.GetResource()) {
		return nil, nil, malformed(id, "of letters, digits, - and _")
	}
	grant, err := s.client.OAuth2PermissionGrant(ctx, id.GetResource())
	if err != nil {
		return nil, nil, getStatus(err)
	}
	found, err := s.resource(grant)
	return found, nil, getStatus(err)
}
