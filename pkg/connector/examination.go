package connector

import (
	"context"
	"slices"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/signin"
)

// DataState is what becomes of one data set in a sync of today.
type DataState struct {
	// Use names the data set and says what it is.
	Use Use
	// Permission is the least privileged permission that it takes.
	Permission string
	// Wanted means that the settings ask for it, and Named that they do so by a
	// flag of its own.
	Wanted, Named bool
	// Lacks is what a sync would leave it out for.
	Lacks decide.Lack
	// Tried means that Graph was asked for a piece of it, with Err for an
	// answer where a sync would expect to read it.
	Tried bool
	Err   error
	// Counts say how many objects there are, by collection, where Graph tells
	// that in one request.
	Counts []CollectionCount
}

// CollectionCount is the size of one collection of the directory.
type CollectionCount struct {
	Collection string
	Rows       int64
}

// counted are the collections that Graph counts in one request.
var counted = map[model.DataSet][]string{
	model.DataUsers:        {"users"},
	model.DataGroups:       {"groups"},
	model.DataApplications: {"servicePrincipals", "applications"},
	model.DataDevices:      {"devices"},
}

// Claims are those of the token that a sync would use now.
func (c *Connector) Claims(ctx context.Context) (*signin.Claims, error) { return c.client.Claims(ctx) }

// Organization is the tenant that the token is for.
func (c *Connector) Organization(ctx context.Context) (*graph.Organization, error) {
	return c.client.Organization(ctx)
}

// CheckTenant makes sure that the tenant is the one that was asked for.
func (c *Connector) CheckTenant(o *graph.Organization) error { return c.checkTenant(o) }

// Examine decides as a sync does, and then asks Graph for a piece of all that a
// sync would read. Nil claims are those of a token that cannot be read; nil
// plans are those of a tenant that does not tell. The error is about Graph as a
// whole; what is wrong with one data set is in its state.
func (c *Connector) Examine(ctx context.Context, claims *signin.Claims, plans []string) ([]DataState, error) {
	made, err := c.decider.DecideOn(ctx, claims, plans, c.filter.Uses)
	if err != nil {
		return nil, err
	}
	states := make([]DataState, 0, len(decide.Sources))
	for i := range decide.Sources {
		s := &decide.Sources[i]
		state := DataState{
			Use: useOf(s), Permission: s.Permission, Wanted: c.filter.Uses(s), Named: slices.Contains(c.filter.Asked, s.Data),
			Lacks: made.Lack(s.Data), Err: made.Denied[s.Data],
		}
		states = append(states, state)
	}
	if err := c.tryEach(ctx, made, states); err != nil {
		return nil, err
	}
	for i := range states {
		c.count(ctx, decide.Sources[i].Data, &states[i])
	}
	return states, nil
}

// tryEach sends all probes of what is to be read.
func (c *Connector) tryEach(ctx context.Context, made *decide.Decision, states []DataState) error {
	var tried []*decide.Source
	for i := range decide.Sources {
		if len(decide.Sources[i].Probes) > 0 && made.Has(decide.Sources[i].Data) {
			tried = append(tried, &decide.Sources[i])
		}
	}
	answers, err := c.decider.Ask(ctx, tried)
	if err != nil {
		return err
	}
	for i := range states {
		if answer, asked := answers[decide.Sources[i].Data]; asked {
			states[i].Tried, states[i].Err = true, answer
		}
	}
	return nil
}

// count asks for the sizes of what is to be read.
func (c *Connector) count(ctx context.Context, data model.DataSet, state *DataState) {
	if !state.Wanted || state.Lacks != decide.LacksNothing || state.Err != nil {
		return
	}
	for _, collection := range counted[data] {
		rows, err := c.client.Count(ctx, "/"+collection)
		state.Tried = true
		if err != nil {
			state.Err = err
			return
		}
		state.Counts = append(state.Counts, CollectionCount{Collection: collection, Rows: rows})
	}
}

// ChangeState is whether the token may make one kind of change.
type ChangeState struct {
	Use Use
	// Missing are the permissions that the token lacks.
	Missing []string
	// Err is why Exchange Online does not answer the application, where the change is
	// made there.
	Err error
}

// ExamineChanges compares a token's permissions with what changes take. Only
// making one would tell more, but of Exchange Online, whose permissions are none of
// Graph's: there a group is read.
func (c *Connector) ExamineChanges(ctx context.Context, claims *signin.Claims) []ChangeState {
	var states []ChangeState
	for i := range change.Operations {
		o := &change.Operations[i]
		if !wantsOperation(&c.filter, o, nil) {
			continue
		}
		state := ChangeState{Use: changeOf(o), Missing: o.Missing(claims.Permissions())}
		if o.Name == change.OperationExchangeGroups && c.provision.Exchange != nil {
			state.Err = c.provision.Exchange.Check(ctx)
		}
		states = append(states, state)
	}
	return states
}

// Surplus are the permissions in an application's token that neither reading
// nor, where changes are wanted, changing makes use of. What a person's token
// holds may be for others.
func (c *Connector) Surplus(claims *signin.Claims, changes bool) []string {
	if !claims.AppOnly() {
		return nil
	}
	held := claims.Permissions()
	used := map[string]bool{}
	use := func(least []string, broader []string) {
		all := true
		for _, name := range least {
			used[name] = true
			all = all && slices.Contains(held, name)
		}
		for _, name := range broader {
			used[name] = used[name] || !all // It stands for what is missing.
		}
	}
	for i := range decide.Sources {
		if s := &decide.Sources[i]; c.filter.Uses(s) {
			use([]string{s.Permission}, s.Also)
		}
	}
	for i := range change.Operations {
		if o := &change.Operations[i]; changes && wantsOperation(&c.filter, o, nil) {
			use(o.Permissions, o.Also)
		}
	}
	return slices.DeleteFunc(slices.Clone(held), func(name string) bool { return used[name] })
}

// Client is the connector's way to Microsoft Graph, for trying forms of requests.
func (c *Connector) Client() *graph.Client { return c.client }

// Lack is why a data set cannot be read.
type Lack = decide.Lack

// What a data set can lack.
const (
	LacksNothing    = decide.LacksNothing
	LacksPermission = decide.LacksPermission
	LacksLicense    = decide.LacksLicense
	LacksAnswer     = decide.LacksAnswer
)
