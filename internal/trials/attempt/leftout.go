package attempt

import (
	"fmt"
	"maps"
	"slices"

	"go.uber.org/zap/zaptest/observer"

	"github.com/conductorone/baton-azure-ad/internal/expect"
	"github.com/conductorone/baton-azure-ad/internal/graphsim"
)

// What the log names things that are left out with (docs/troubleshooting.md).
const (
	messageLeftOut = "azure-ad: left out of the sync"
	messageOfOne   = "azure-ad: Microsoft Graph does not give this of one object in any form; it is left out"
)

// The data sets that have no option of their own in package expect: what they
// give are values of rows.
const (
	dataSignIns       = "sign-in activity"
	dataRegistrations = "MFA registration"
	dataMailboxes     = "mailbox purposes"
	dataRoleTimes     = "role assignment times"
)

// Left is what a log says that was left out.
type Left struct {
	// Data are the data sets that were left out whole.
	Data map[string]bool
	// Objects are the objects that were left out of a data set.
	Objects map[string]map[string]bool
}

// leftIn reads a log.
func leftIn(logs []observer.LoggedEntry) Left {
	left := Left{Data: map[string]bool{}, Objects: map[string]map[string]bool{}}
	for _, entry := range logs {
		fields := entry.ContextMap()
		data, _ := fields["data"].(string)
		switch entry.Message {
		case messageLeftOut:
			left.Data[data] = true
		case messageOfOne:
			if left.Objects[data] == nil {
				left.Objects[data] = map[string]bool{}
			}
			id, _ := fields["object_id"].(string)
			left.Objects[data][id] = true
		}
	}
	return left
}

// Names are the data sets that were left out whole or of which objects were, in
// order.
func (l Left) Names() []string {
	names := slices.Collect(maps.Keys(l.Data))
	for data := range l.Objects {
		names = append(names, data)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// expected is what a snapshot of the tenant has to hold without what was left
// out. The error says that nobody may leave that out.
func (l Left) expected(truth *graphsim.Truth, everything bool) (rowSet, error) {
	options := expect.Options{Devices: everything, DeletedUsers: everything, Risk: everything}
	switches := map[string]func(){
		"hidden memberships":    func() { options.NoHidden = true },
		"role eligibilities":    func() { options.NoRoleEligibility = true },
		"group eligibilities":   func() { options.NoGroupEligibility = true },
		"federated credentials": func() { options.NoFederated = true },
		"agent sponsors":        func() { options.NoSponsors = true },
		"administrative units":  func() { options.NoUnits = true },
		"licences":              func() { options.NoLicenses = true },
		"consents":              func() { options.NoConsents = true },
		"deleted users":         func() { options.DeletedUsers = false },
		"devices":               func() { options.Devices = false },
		"user risk":             func() { options.Risk = false },
		dataSignIns:             func() {},
		dataRegistrations:       func() {},
		dataMailboxes:           func() {},
		dataRoleTimes:           func() {},
	}
	for data := range l.Data {
		leave, optional := switches[data]
		if !optional {
			return nil, fmt.Errorf("%q was left out, which a sync cannot do without", data)
		}
		leave()
	}
	seen := *truth
	if err := l.withoutObjects(&seen); err != nil {
		return nil, err
	}
	rows := rowSet{}
	expect.Snapshot(&seen, options, rows.add)
	l.values(truth, everything, rows)
	return rows, nil
}

// withoutObjects takes what was not given of some objects out of the truth.
func (l Left) withoutObjects(truth *graphsim.Truth) error {
	for data, gone := range l.Objects {
		of := func(e graphsim.TruthEdge) bool { return gone[e.ObjectID] }
		switch data {
		case "federated credentials":
			truth.Credentials = slices.DeleteFunc(slices.Clone(truth.Credentials), func(c graphsim.TruthCredential) bool {
				return c.Kind == "federated" && gone[c.OwnerID]
			})
		case "agent sponsors":
			truth.Sponsors = slices.DeleteFunc(slices.Clone(truth.Sponsors), of)
		case "administrative units":
			truth.UnitMembers = slices.DeleteFunc(slices.Clone(truth.UnitMembers), of)
		case "group eligibilities":
			truth.GroupEligibilities = slices.DeleteFunc(slices.Clone(truth.GroupEligibilities), func(e graphsim.TruthGroupEligibility) bool { return gone[e.GroupID] })
			truth.EffectiveGroupEligibilities = slices.DeleteFunc(slices.Clone(truth.EffectiveGroupEligibilities), func(a graphsim.TruthAccess) bool { return gone[a.ObjectID] })
		case dataMailboxes: // A value: see values.
		default:
			return fmt.Errorf("objects were left out of %q, which a sync cannot do without", data)
		}
	}
	return nil
}
