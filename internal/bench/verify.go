package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"google.golang.org/protobuf/proto"

	"github.com/conductorone/baton-azure-ad/internal/graphsim"
)

const maxExamples = 10

// digest stands for a row. A collision of 16 bytes of SHA-256 would hide a
// difference; it will not happen.
type digest [16]byte

// ledger holds the rows that are expected and not yet found.
type ledger struct {
	expected map[digest]struct{}
	truth    *Truth
}

func digestOf(kind byte, row string) digest {
	sum := sha256.Sum256(append([]byte{kind}, row...))
	return digest(sum[:16])
}

// The kinds of rows.
const (
	rowResource    = 'r'
	rowEntitlement = 'e'
	rowDirect      = 'd'
	rowEffective   = 'x'
)

func (l *ledger) expect(kind byte, row string) {
	d := digestOf(kind, row)
	if _, twice := l.expected[d]; twice {
		return
	}
	l.expected[d] = struct{}{}
	switch kind {
	case rowResource:
		l.truth.Resources++
	case rowEntitlement:
		l.truth.Entitlements++
	case rowDirect:
		l.truth.Direct++
	default:
		l.truth.Effective++
	}
}

func (l *ledger) find(kind byte, row string) {
	d := digestOf(kind, row)
	if _, ok := l.expected[d]; ok {
		delete(l.expected, d)
		return
	}
	l.truth.Extra++
	if len(l.truth.Examples) < maxExamples {
		l.truth.Examples = append(l.truth.Examples, "extra: "+row)
	}
}

// verifySnapshot compares a snapshot with the tenant, row by row.
func verifySnapshot(ctx context.Context, tenant *graphsim.Tenant, size, path, scratch string) (*Truth, error) {
	l := &ledger{expected: map[digest]struct{}{}, truth: &Truth{Size: size}}
	truth := tenant.Truth()
	expectTruth(l, &truth)
	truth = graphsim.Truth{}
	snapshot, err := openSnapshot(ctx, path, scratch)
	if err != nil {
		return nil, err
	}
	err = snapshot.each(ctx, func(m proto.Message) error {
		switch row := m.(type) {
		case *v2.Resource:
			l.find(rowResource, row.GetId().GetResourceType()+":"+row.GetId().GetResource())
		case *v2.Entitlement:
			l.find(rowEntitlement, row.GetId())
		case *v2.Grant:
			holder := row.GetPrincipal().GetId()
			edge := row.GetEntitlement().GetId() + " <- " + holder.GetResourceType() + ":" + holder.GetResource()
			if direct(row) {
				l.find(rowDirect, edge)
			}
			if holder.GetResourceType() != typeGroup {
				l.find(rowEffective, edge)
			}
		}
		return nil
	})
	if err := errors.Join(err, snapshot.close()); err != nil {
		return nil, err
	}
	l.truth.Missing = len(l.expected)
	if l.truth.Missing+l.truth.Extra > 0 {
		return l.truth, fmt.Errorf("the snapshot is not the tenant: %d missing, %d extra, such as %q", l.truth.Missing, l.truth.Extra, l.truth.Examples)
	}
	return l.truth, nil
}

const (
	typeUser        = "user"
	typeGroup       = "group"
	typeApplication = "application"
	allZero         = "00000000-0000-0000-0000-000000000000"
)

// expectTruth enters what a snapshot has to hold, worked out from the tenant's
// truth and the data model alone.
func expectTruth(l *ledger, truth *graphsim.Truth) {
	types := map[string]string{}
	for i := range truth.Users {
		types[truth.Users[i].ID] = typeUser
		l.expect(rowResource, typeUser+":"+truth.Users[i].ID)
	}
	owners := map[string]bool{}
	for _, g := range truth.Groups {
		types[g.ID], owners[g.ID] = typeGroup, g.OwnersReadable
		l.expect(rowResource, typeGroup+":"+g.ID)
		l.expect(rowEntitlement, typeGroup+":"+g.ID+":member")
		l.expect(rowEntitlement, typeGroup+":"+g.ID+":owner")
	}
	for _, r := range truth.RoleDefinitions {
		l.expect(rowResource, "role:"+r.ID)
		l.expect(rowEntitlement, "role:"+r.ID+":assigned")
	}
	for _, sp := range truth.ServicePrincipals {
		if sp.Kind != typeApplication {
			continue
		}
		types[sp.ID] = typeApplication
		l.expect(rowResource, typeApplication+":"+sp.ID)
		l.expect(rowEntitlement, typeApplication+":"+sp.ID+":owner")
		l.expect(rowEntitlement, typeApplication+":"+sp.ID+":default_access")
		for _, role := range sp.AppRoles {
			l.expect(rowEntitlement, typeApplication+":"+sp.ID+":"+role.ID)
		}
	}
	hold := func(kind byte, entitlement string, p graphsim.TruthPrincipal) {
		t, synced := types[p.ID]
		if synced && (kind == rowDirect || t != typeGroup) {
			l.expect(kind, entitlement+" <- "+t+":"+p.ID)
		}
	}
	for _, m := range truth.Members {
		hold(rowDirect, typeGroup+":"+m.ObjectID+":member", m.Principal)
	}
	for _, o := range truth.GroupOwners {
		if owners[o.ObjectID] {
			hold(rowDirect, typeGroup+":"+o.ObjectID+":owner", o.Principal)
			hold(rowEffective, typeGroup+":"+o.ObjectID+":owner", o.Principal)
		}
	}
	for _, o := range truth.ApplicationOwners {
		if types[o.ObjectID] == typeApplication {
			hold(rowDirect, typeApplication+":"+o.ObjectID+":owner", o.Principal)
			hold(rowEffective, typeApplication+":"+o.ObjectID+":owner", o.Principal)
		}
	}
	for _, a := range truth.RoleAssignments {
		if a.Scope == "/" {
			hold(rowDirect, "role:"+a.RoleID+":assigned", a.Principal)
		}
	}
	for _, a := range truth.AppRoleAssignments {
		if types[a.ResourceID] == typeApplication {
			hold(rowDirect, appRole(a.ResourceID, a.AppRoleID), a.Principal)
		}
	}
	each := func(entitlement string, principals []graphsim.TruthPrincipal) {
		for _, p := range principals {
			hold(rowEffective, entitlement, p)
		}
	}
	for _, a := range truth.EffectiveMembers {
		each(typeGroup+":"+a.ObjectID+":member", a.Principals)
	}
	for _, a := range truth.EffectiveRoles {
		each("role:"+a.ObjectID+":assigned", a.Principals)
	}
	for _, a := range truth.EffectiveAppRoles {
		if types[a.ObjectID] == typeApplication {
			each(appRole(a.ObjectID, a.RoleID), a.Principals)
		}
	}
}

func appRole(application, role string) string {
	if role == allZero {
		role = "default_access"
	}
	return typeApplication + ":" + application + ":" + role
}
