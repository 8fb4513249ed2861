package report

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/answers/powers"
)

// applicationRow is an application that holds permissions which give much, by itself
// or for people.
type applicationRow struct {
	Application int `json:"application"`
	// Permissions are those that it holds by itself.
	Permissions []permissionRow `json:"permissions,omitempty"`
	// Everybody are those that an administrator has consented to for everybody; Some those
	// that people have consented to for themselves, and People how many they are.
	Everybody []permissionRow `json:"everybody,omitempty"`
	Some      []permissionRow `json:"some,omitempty"`
	People    int             `json:"people,omitempty"`
	// Takeover says that it can come to any directory role.
	Takeover bool  `json:"takeover,omitempty"`
	Owners   []int `json:"owners,omitempty"`
	// Registration is the app registration that it is made from; -1 if that is not the
	// tenant's.
	Registration int `json:"registration"`
	// Credentials that have not ended: how many it has, those of the registration among
	// them.
	Credentials int `json:"credentials,omitempty"`
}

// permissionRow is a permission of an API.
type permissionRow struct {
	API      int    `json:"api"`
	Value    string `json:"value"`
	Why      string `json:"why"`
	Page     string `json:"page"`
	Takeover bool   `json:"takeover,omitempty"`
}

// consentRow is a consent that has a permission which gives much.
type consentRow struct {
	client, resource, person access.Ref
	scopes                   []string
}

// applications collects what applications may do.
type applications struct {
	dir *directory
	// apis are the appIds of the APIs whose permissions are known, by their number.
	apis map[int]string
	// byAppID are the numbers of registrations, by appId, and appIDs those of the others.
	byAppID  map[string]int
	appIDs   map[int]string
	consents []consentRow
	// people are those who have consented, by the number of the application.
	people map[int]map[string]bool

	rows map[int]*applicationRow
}

func newApplications(dir *directory) *applications {
	return &applications{dir: dir, apis: map[int]string{}, byAppID: map[string]int{}, appIDs: map[int]string{}, people: map[int]map[string]bool{}, rows: map[int]*applicationRow{}}
}

func (a *applications) visit(number int, o *access.Object) error {
	appID := o.Text("appId")
	switch o.Type {
	case access.TypeApplication:
		a.appIDs[number] = appID
		if slices.Contains([]string{powers.MicrosoftGraph, powers.ExchangeOnline, powers.SharePoint, powers.AzureADGraph}, appID) {
			a.apis[number] = appID
		}
	case access.TypeRegistration:
		a.byAppID[appID] = number
	case access.TypeConsent:
		a.consents = append(a.consents, consentRow{
			client: access.Ref{Type: access.TypeApplication, ID: o.Text("clientId")}, resource: access.Ref{Type: access.TypeApplication, ID: o.Text("resourceId")},
			person: access.Ref{Type: access.TypeUser, ID: o.Text("principalId")}, scopes: strings.Fields(o.Text("scope")),
		})
	}
	return nil
}

// read looks up who holds the permissions, and reads the consents that were collected.
func (a *applications) read(ctx context.Context, s *access.Snapshot, creds *credentials) error {
	for _, api := range slices.Sorted(maps.Keys(a.apis)) {
		for e, err := range s.EntitlementsOf(ctx, a.dir.ref(api)) {
			if err != nil {
				return err
			}
			permission := powers.PermissionNamed(a.apis[api], e.Name)
			if permission == nil || len(e.Slug) != guidLength {
				continue
			}
			if err := a.readHolders(ctx, s, api, e.ID, permission); err != nil {
				return err
			}
		}
	}
	if err := a.readConsents(ctx, s); err != nil {
		return err
	}
	a.consents = nil
	for number, row := range a.rows {
		if registration, ok := a.byAppID[a.appIDs[number]]; ok && a.appIDs[number] != "" {
			row.Registration = registration
		}
		if err := a.readOwners(ctx, s, row); err != nil {
			return err
		}
		row.Credentials = creds.valid[number]
		if row.Registration >= 0 {
			row.Credentials += creds.valid[row.Registration]
		}
	}
	return nil
}

func (a *applications) row(number int) *applicationRow {
	if a.rows[number] == nil {
		a.rows[number] = &applicationRow{Application: number, Registration: -1}
	}
	return a.rows[number]
}

func (a *applications) readHolders(ctx context.Context, s *access.Snapshot, api int, entitlement string, p *powers.Permission) error {
	for h, err := range s.Holders(ctx, entitlement) {
		if err != nil {
			return err
		}
		if h.Principal.Type == access.TypeUser || h.Principal.Type == access.TypeGroup {
			continue // An app role that people hold is no permission of an application.
		}
		row := a.row(a.dir.number(h.Principal))
		row.Permissions = append(row.Permissions, permissionRow{API: api, Value: p.Value, Why: p.Why, Page: p.Page, Takeover: p.Takeover})
		row.Takeover = row.Takeover || p.Takeover
	}
	return nil
}

// readConsents takes what the consents give; what kind of object the client is, its
// holding of the consent says.
func (a *applications) readConsents(ctx context.Context, s *access.Snapshot) error {
	for i := range a.consents {
		c := &a.consents[i]
		api, known := a.dir.numbers.of(c.resource, a.dir.typeNumber(c.resource.Type))
		if !known || a.apis[api] == "" {
			continue
		}
		var given []permissionRow
		for _, scope := range c.scopes {
			if p := powers.PermissionOf(a.apis[api], scope); p != nil {
				given = append(given, permissionRow{API: api, Value: p.Value, Why: p.Why, Page: p.Page})
			}
		}
		if len(given) == 0 {
			continue
		}
		number, err := a.client(ctx, s, c.client.ID)
		if err != nil {
			return err
		}
		row := a.row(number)
		if c.person.ID == "" {
			row.Everybody = union(row.Everybody, given)
			continue
		}
		if a.people[number] == nil {
			a.people[number] = map[string]bool{}
		}
		a.people[number][c.person.ID] = true
		row.Some, row.People = union(row.Some, given), len(a.people[number])
	}
	return nil
}

// client is the number of a service principal whose type a consent does not tell.
func (a *applications) client(ctx context.Context, s *access.Snapshot, id string) (int, error) {
	for _, t := range []string{access.TypeApplication, access.TypeAgentIdentity, access.TypeManagedIdentity} {
		o, err := s.Object(ctx, access.Ref{Type: t, ID: id})
		if err != nil {
			return 0, err
		}
		if !o.Missing {
			return a.dir.number(o.Ref), nil
		}
	}
	return a.dir.number(access.Ref{Type: access.TypeApplication, ID: id}), nil
}

// union adds the permissions that are not there yet.
func union(to, more []permissionRow) []permissionRow {
	for _, p := range more {
		if !slices.ContainsFunc(to, func(q permissionRow) bool { return p.API == q.API && p.Value == q.Value }) {
			to = append(to, p)
		}
	}
	return to
}

// readOwners adds who can act as the application by giving it a credential.
func (a *applications) readOwners(ctx context.Context, s *access.Snapshot, row *applicationRow) error {
	numbers := []int{row.Application}
	if row.Registration >= 0 {
		numbers = append(numbers, row.Registration)
	}
	for _, number := range numbers {
		for h, err := range s.Holders(ctx, access.EntitlementID(a.dir.ref(number), access.SlugOwner)) {
			if err != nil {
				return err
			}
			if owner := a.dir.number(h.Principal); !slices.Contains(row.Owners, owner) {
				row.Owners = append(row.Owners, owner)
			}
		}
	}
	return nil
}

// sorted are the rows, those that can come to any role first.
func (a *applications) sorted() []*applicationRow {
	rows := slices.Collect(maps.Values(a.rows))
	weight := func(r *applicationRow) int {
		switch {
		case r.Takeover:
			return 0
		case len(r.Permissions) > 0:
			return 1
		case len(r.Everybody) > 0:
			return 2
		default:
			return 3
		}
	}
	slices.SortFunc(rows, func(x, y *applicationRow) int {
		return cmp.Or(cmp.Compare(weight(x), weight(y)), cmp.Compare(a.dir.objects[x.Application].name, a.dir.objects[y.Application].name), cmp.Compare(x.Application, y.Application))
	})
	return rows
}
