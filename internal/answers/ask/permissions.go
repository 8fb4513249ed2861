package ask

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/powers"
)

var permissionNeeds = []need{
	{data: access.DataConsents, lacking: "delegated permissions do not show", gap: true},
	{data: access.DataInherited, lacking: "what agent identities inherit from their blueprints does not show", gap: true},
}

var (
	whoCanReadMail = &Question{
		Name: "who-can-read-mail", Short: "Applications that can read mailboxes, by themselves or for people", ask: func(ctx context.Context, q *query) error {
			if err := q.permitted(ctx, powers.ReadsMail, "read mail"); err != nil {
				return err
			}
			q.besideExchange()
			q.Notes = append(q.Notes, "administrators of Exchange can give access to mailboxes: see who-is \"Exchange Administrator\"")
			return nil
		}, needs: permissionNeeds,
	}
	whoCanReadFiles = &Question{
		Name: "who-can-read-files", Short: "Applications that can read files in OneDrive and SharePoint", ask: func(ctx context.Context, q *query) error {
			q.Notes = append(q.Notes, "which sites an application with Sites.Selected was given cannot be listed through Microsoft Graph, nor what SharePoint itself gives")
			return q.permitted(ctx, powers.ReadsFiles, "read files")
		}, needs: permissionNeeds,
	}
	whoCanWriteDirectory = &Question{
		Name: "who-can-write-directory", Short: "Applications that can change people, groups, applications or roles", ask: func(ctx context.Context, q *query) error {
			q.Notes = append(q.Notes, "directory roles give the same to people and to applications: see privileged")
			return q.permitted(ctx, powers.WritesDirectory, "change the directory")
		}, needs: permissionNeeds,
	}
)

// besideExchange says what no snapshot can know: with nobody to name, the answer would
// be "nobody" otherwise
// (https://learn.microsoft.com/exchange/permissions-exo/application-rbac).
func (q *query) besideExchange() {
	const unread = "Exchange Online's own roles for applications (RBAC for Applications), its access policies, and who has full access to whose mailbox cannot be read through Microsoft Graph"
	if len(q.Rows) == 0 {
		q.Gaps = append(q.Gaps, unread)
		return
	}
	q.Notes = append(q.Notes, unread)
}

// api is an application whose permissions the table of powers names.
type api struct {
	object *access.Object
	appID  string
}

// apis finds the applications whose permissions the table of powers names.
func (q *query) apis(ctx context.Context) (map[string]api, error) {
	found := map[string]api{}
	for o, err := range q.s.Objects(ctx, access.TypeApplication) {
		if err != nil {
			return nil, err
		}
		if appID := strings.ToLower(o.Text("appId")); powers.IsAPI(appID) {
			found[o.ID] = api{o, appID}
		}
	}
	return found, nil
}

// grantedPermission is one permission that an application has.
type grantedPermission struct {
	client     *access.Object
	permission *powers.Permission
	api        *access.Object
	// person is whom it acts for: nil for itself, and with everybody for all people.
	person    *access.Object
	everybody bool
	// entitlement is what gives it.
	entitlement string
}

// delegated reports whether the application acts for people only.
func (g *grantedPermission) delegated() bool { return g.everybody || g.person != nil }

// eachPermission visits every permission of the table that an application has: those
// that it has by itself, then those by consent.
func (q *query) eachPermission(ctx context.Context, wanted func(*powers.Permission) bool, visit func(*grantedPermission) error) error {
	apis, err := q.apis(ctx)
	if err != nil {
		return err
	}
	for id := range apis {
		if err := q.eachAppRole(ctx, apis[id], wanted, visit); err != nil {
			return err
		}
	}
	for consent, err := range q.s.Objects(ctx, access.TypeConsent) {
		if err != nil {
			return err
		}
		of, known := apis[consent.Text("resourceId")]
		if !known {
			continue
		}
		if err := q.eachScope(ctx, consent, of, wanted, visit); err != nil {
			return err
		}
	}
	return nil
}

func (q *query) eachAppRole(ctx context.Context, of api, wanted func(*powers.Permission) bool, visit func(*grantedPermission) error) error {
	for e, err := range q.s.EntitlementsOf(ctx, of.object.Ref) {
		if err != nil {
			return err
		}
		p := powers.PermissionNamed(of.appID, e.Name)
		if p == nil || !wanted(p) {
			continue
		}
		for h, err := range q.s.Holders(ctx, e.ID) {
			if err != nil {
				return err
			}
			// Somebody who is a person cannot be given an application permission.
			client, err := q.s.Object(ctx, h.Principal)
			if err != nil {
				return err
			}
			if err := visit(&grantedPermission{client: client, permission: p, api: of.object, entitlement: e.ID}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (q *query) eachScope(ctx context.Context, consent *access.Object, of api, wanted func(*powers.Permission) bool, visit func(*grantedPermission) error) error {
	for _, scope := range strings.Fields(consent.Text("scope")) {
		p := powers.PermissionOf(of.appID, scope)
		if p == nil || !wanted(p) {
			continue
		}
		client, err := q.client(ctx, consent)
		if err != nil {
			return err
		}
		granted := &grantedPermission{
			client: client, permission: p, api: of.object, everybody: consent.Text("principalId") == "",
			entitlement: access.EntitlementID(consent.Ref, access.SlugGranted),
		}
		if !granted.everybody {
			if granted.person, err = q.s.Object(ctx, access.Ref{Type: access.TypeUser, ID: consent.Text("principalId")}); err != nil {
				return err
			}
		}
		if err := visit(granted); err != nil {
			return err
		}
		if err := q.eachHeir(ctx, consent, granted, scope, visit); err != nil {
			return err
		}
	}
	return nil
}

// eachHeir visits the agent identities that inherit a scope of a consent from its client,
// the principal of their blueprint.
func (q *query) eachHeir(ctx context.Context, consent *access.Object, granted *grantedPermission, scope string, visit func(*grantedPermission) error) error {
	if granted.client.Type != access.TypeAgentIdentity {
		return nil
	}
	own, err := q.s.Held(ctx, granted.entitlement, granted.client.Ref)
	if err != nil || own == nil {
		return err
	}
	inherited, _ := own.Metadata["inheritedScope"].(string)
	if !slices.Contains(strings.Fields(inherited), scope) {
		return nil
	}
	for h, err := range q.s.Holders(ctx, granted.entitlement) {
		if err != nil {
			return err
		}
		if h.Direct || h.Principal.Type != access.TypeAgentIdentity {
			continue
		}
		heir := *granted
		if heir.client, err = q.s.Object(ctx, h.Principal); err != nil {
			return err
		}
		if err := visit(&heir); err != nil {
			return err
		}
	}
	return nil
}

// client is the application that a consent is given to, of whichever type.
func (q *query) client(ctx context.Context, consent *access.Object) (*access.Object, error) {
	var client *access.Object
	for _, t := range []string{access.TypeManagedIdentity, access.TypeAgentIdentity, access.TypeApplication} {
		var err error
		if client, err = q.s.Object(ctx, access.Ref{Type: t, ID: consent.Text("clientId")}); err != nil || !client.Missing {
			return client, err
		}
	}
	return client, nil
}

// forPerson is what a permission is good for where it acts for somebody.
func forPerson(why string) string {
	if strings.Contains(why, "the person") {
		return why
	}
	return why + ", as far as the person can"
}

// permitted answers who has a permission of a set.
func (q *query) permitted(ctx context.Context, set powers.Set, does string) error {
	q.columns(columns(principalColumns, []Column{
		{Key: "permission", Title: "Permission"}, {Key: "for", Title: "For"}, {Key: "why", Title: "Which"},
		{Key: "api", Detail: true}, entitlementDetail,
	}, principalDetails)...)
	itself, forPeople := map[access.Ref]bool{}, map[access.Ref]bool{}
	err := q.eachPermission(ctx, func(p *powers.Permission) bool { return p.In(set) }, func(g *grantedPermission) error {
		acts, why := "itself", g.permission.Why
		switch {
		case g.everybody:
			acts, why = "everybody who signs in", forPerson(why)
		case g.person != nil:
			acts, why = g.person.Called(), forPerson(why)
		}
		if g.delegated() {
			forPeople[g.client.Ref] = true
		} else {
			itself[g.client.Ref] = true
		}
		q.row(cells(whoCells(g.client), []string{g.permission.Value, acts, why, g.api.Name, g.entitlement}, whoDetails(g.client))...)
		return nil
	})
	if err != nil {
		return err
	}
	q.sort(3, 0, 2)
	q.Headline = fmt.Sprintf("%s without anybody signed in, and %s for people who sign in.",
		count(len(itself), "application can "+does, "applications can "+does), count(len(forPeople), "application", "applications"))
	return nil
}
