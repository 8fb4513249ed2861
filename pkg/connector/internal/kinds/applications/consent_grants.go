package applications

import (
	"context"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
)

// consentNames are whom a consent is about, as far as they are in the snapshot.
type consentNames struct{ client, person string }

// of is the name of a consent: "Contoso Mail: Mail.Read User.Read for Ann Lee". Where
// the application is not in the snapshot, it is "Consent of Ann Lee: Mail.Read".
func (n consentNames) of(consentType, scope string) string {
	whom, consent := model.DisplayName(n.person, "one person"), "Consent of "
	if consentType == graph.ConsentAllPrincipals {
		whom, consent = "everybody", "Consent for "
	}
	if n.client == "" {
		return consent + whom + ": " + scope
	}
	return n.client + ": " + scope + " for " + whom
}

// GrantsForResourceType gives one page of the listed consents to the
// applications that may act, and to the people who gave them. With the grants go the
// consents once more, by the names of both: only now has everything been listed, in
// whatever order, so that the names cost no request and are the same in each sync.
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
	grants, err := s.grants(ctx, ix, entries)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	next := ""
	if more {
		if next, err = walk.EncodeToken(walk.Cursor{Version: walk.TokenVersion, Page: c.Page + 1}); err != nil {
			return nil, nil, err
		}
	}
	if len(grants) == 0 {
		return nil, walk.Results(next), nil
	}
	return grants, walk.Results(next, annotations.New(&v2.InsertResourceGrants{})), nil
}

// grants are those of some consents. Each carries the consent as a whole, which the
// SDK stores in the place of the one that was listed.
func (s *ConsentSyncer) grants(ctx context.Context, ix walk.Index, entries []consentEntry) ([]*v2.Grant, error) {
	var clients, named []string
	for i := range entries {
		clients = append(clients, entries[i].Client)
		named = append(named, entries[i].Client)
		if entries[i].Person != "" {
			named = append(named, entries[i].Person)
		}
	}
	known, err := kinds.LookUpPrincipals(ctx, ix, nil, clients)
	if err != nil {
		return nil, err
	}
	names, err := kinds.Names(ctx, ix, named)
	if err != nil {
		return nil, err
	}
	passes, err := inheritance(ctx, &s.Kit, ix, known.Of(model.TypeAgentIdentity))
	if err != nil {
		return nil, err
	}
	apis := make([]string, 0, len(entries))
	for i := range entries {
		apis = append(apis, entries[i].API)
	}
	appIDs, err := appIDsOf(ctx, ix, passes, apis)
	if err != nil {
		return nil, err
	}
	var grants []*v2.Grant
	for i := range entries {
		e := &entries[i]
		var holders []walk.Holder
		var by consentNames
		if client, ok := known.TypeOf(graph.KindServicePrincipal, e.Client, s.Left); ok {
			holders, by.client = append(holders, walk.Holder{Type: client, ID: e.Client}), names[e.Client]
		}
		if e.Person != "" {
			if person, ok := known.TypeOf(graph.KindUser, e.Person, s.Left); ok {
				holders, by.person = append(holders, walk.Holder{Type: person, ID: e.Person}), names[e.Person]
			}
		}
		consent, err := s.resource(e.row(), by)
		if err != nil {
			return nil, err
		}
		on := model.EntitlementOf(model.TypeConsent, e.ID, model.SlugGranted)
		on.SetResource(consent)
		for _, h := range holders {
			g := model.NewGrant(on, h.Type, h.ID)
			values := map[string]any{model.FieldScope: e.Scope}
			if scopes := passes[h.ID][appIDs[e.API]].Scopes.ScopesOf(strings.Fields(e.Scope)); h.ID == e.Client && e.forEverybody() && len(scopes) > 0 {
				values["inheritedScope"] = strings.Join(scopes, " ")
				if err := s.Expand.ToAgents(g, h.ID); err != nil {
					return nil, err
				}
			}
			if err := model.WithMetadata(g, values); err != nil {
				return nil, err
			}
			grants = append(grants, g)
		}
	}
	return grants, nil
}

// askNames asks for the names of whom one consent is about, where they would be in a
// snapshot.
func (s *ConsentSyncer) askNames(ctx context.Context, g *graph.OAuth2PermissionGrant) (consentNames, error) {
	var names consentNames
	client, err := s.Client.ServicePrincipal(ctx, model.ObjectID(g.ClientID))
	switch {
	case err == nil && s.Filter.Syncs(model.ServicePrincipalType(client.Kind())):
		names.client = kinds.ServicePrincipalName(client)
	case err != nil && !failure.IsNotFound(err):
		return names, err
	}
	if g.PrincipalID == "" || !s.Filter.Syncs(model.TypeUser) {
		return names, nil
	}
	person, err := s.Client.User(ctx, model.ObjectID(g.PrincipalID), graph.UserOptions{})
	switch {
	case err == nil:
		names.person = kinds.PersonName(person)
	case !failure.IsNotFound(err):
		return names, err
	}
	return names, nil
}
