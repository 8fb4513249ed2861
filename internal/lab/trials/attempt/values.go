package attempt

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"google.golang.org/protobuf/proto"

	"github.com/conductorone/baton-azure-ad/internal/lab/expect"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/pkg/config"
)

// value is the kind of row that says one value of another row: what optional data
// sets give whose absence no row would show.
const value expect.Kind = 'v'

// userType is the resource type of people, packageType that of access packages.
const (
	userType        = "user"
	packageType     = "access_package"
	applicationType = "application"
)

// values adds the values that a snapshot has to have of people and of role grants.
func (l leftOut) values(truth *graphsim.Truth, cfg *config.AzureAd, rows rowSet) {
	for data := range l.data {
		rows.add(value, confessed(data))
	}
	for i := range truth.Users {
		u := &truth.Users[i]
		if u.ManagerID != "" {
			rows.add(value, managedBy(u.ID, u.ManagerID))
		}
		if u.LastSignIn != "" && !l.data[dataSignIns] {
			rows.add(value, signedIn(u.ID, u.LastSignIn))
		}
		if u.MFARegistered != nil && !l.data[dataRegistrations] {
			rows.add(value, registered(u.ID, *u.MFARegistered))
		}
		if u.MailboxPurpose != "" && u.UserType != "Guest" && cfg.MailboxPurpose && !l.data[dataMailboxes] && !l.objects[dataMailboxes][u.ID] {
			rows.add(value, purpose(u.ID, u.MailboxPurpose))
		}
	}
	l.properties(truth, rows)
	if cfg.GuestSponsors && !l.data[dataGuestSponsors] {
		for _, e := range truth.UserSponsors {
			if !l.objects[dataGuestSponsors][e.ObjectID] {
				rows.add(value, sponsored(e.ObjectID, e.Principal.ID))
			}
		}
	}
	if cfg.CustomSecurityAttributes {
		l.attributes(truth, cfg, rows)
	}
	if !l.data[dataRoleTimes] {
		addEnds(truth.RoleAssignments, "assigned", rows)
	}
	if !l.data["role eligibilities"] {
		addEnds(truth.RoleEligibilities, "eligible", rows)
	}
	if l.data[dataPackages] {
		return
	}
	for i := range truth.AccessPackages {
		if p := &truth.AccessPackages[i]; !l.objects[dataPackages][p.ID] {
			rows.add(value, gives(p.ID, len(p.Contents)))
		}
	}
	for _, a := range truth.PackageAssignments {
		if a.End != "" && a.Principal.Type == userType {
			rows.add(value, until(expect.Edge(packageType+":"+a.PackageID+":"+a.PolicyID, userType, a.Principal.ID), a.End))
		}
	}
}

// attributes adds the custom security attributes of people and applications.
func (l leftOut) attributes(truth *graphsim.Truth, cfg *config.AzureAd, rows rowSet) {
	if !l.data[dataUserAttributes] {
		for i := range truth.Users {
			rows.attributed(userType, truth.Users[i].ID, truth.Users[i].SecurityAttributes)
		}
	}
	unused := map[string]bool{}
	if cfg.SkipUnassignedApps {
		unused = expect.Unused(truth)
	}
	for i := range truth.ServicePrincipals {
		if sp := &truth.ServicePrincipals[i]; sp.Kind == applicationType && !unused[sp.ID] && !l.data[dataAppAttributes] {
			rows.attributed(applicationType, sp.ID, sp.SecurityAttributes)
		}
	}
}

// attributed adds custom security attributes.
func (s rowSet) attributed(of, id string, sets map[string]map[string]any) {
	for set, values := range sets {
		for name, is := range values {
			raw, _ := json.Marshal(is) //nolint:errchkjson // A number of a profile is as JSON has it.
			s.add(value, fmt.Sprintf("%s:%s has %s.%s %s", of, id, set, name, raw))
		}
	}
}

// detailsLookedAt are further properties of people, each of another sort.
var detailsLookedAt = []string{"usageLocation", "officeLocation", "employeeHireDate", "costCenter", "onPremisesSecurityIdentifier", "lastPasswordChangeDateTime"}

// properties adds further properties of people, but for those that the log says the
// forms in use lack.
func (l leftOut) properties(truth *graphsim.Truth, rows rowSet) {
	if l.lacks[readingManagers] || l.lacks[readingDetails] {
		return
	}
	names := detailsLookedAt
	if !l.data[dataLeaveDates] {
		names = append([]string{leaveDate}, names...)
	}
	for i := range truth.Users {
		for _, name := range names {
			if of := truth.Users[i].Details[name]; of != "" {
				rows.add(value, property(userType, truth.Users[i].ID, name, of))
			}
		}
	}
}

const leaveDate = "employeeLeaveDateTime"

func addEnds(list []graphsim.TruthRoleAssignment, slug string, rows rowSet) {
	for _, a := range list {
		switch {
		case a.Principal.Type != userType || a.End == "":
		case a.Scope == "/":
			rows.add(value, until(expect.Edge("role:"+a.RoleID+":"+slug, userType, a.Principal.ID), a.End))
		case a.ScopeType != "":
			rows.add(value, until(expect.Edge("scoped_role:"+a.RoleID+"@"+a.ScopeObjectID+":"+slug, userType, a.Principal.ID), a.End))
		}
	}
}

// valuesIn adds the values that a row of a snapshot has.
func (s rowSet) valuesIn(m proto.Message) error {
	switch row := m.(type) {
	case *v2.Resource:
		if row.GetId().GetResourceType() == "tenant" {
			for data := range row.GetProfile().GetFields()["leftOut"].GetStructValue().GetFields() {
				s.add(value, confessed(data))
			}
		}
		if given, told := row.GetProfile().GetFields()["contents"]; told && row.GetId().GetResourceType() == packageType {
			s.add(value, gives(row.GetId().GetResource(), len(given.GetListValue().GetValues())))
		}
		if sets, told := row.GetProfile().AsMap()["customSecurityAttributes"].(map[string]any); told {
			for set, of := range sets {
				named, _ := of.(map[string]any)
				s.attributed(row.GetId().GetResourceType(), row.GetId().GetResource(), map[string]map[string]any{set: named})
			}
		}
		return s.valuesOfUser(row)
	case *v2.Grant:
		metadata := &v2.GrantMetadata{}
		annos := annotations.Annotations(row.GetAnnotations())
		if _, err := annos.Pick(metadata); err != nil {
			return fmt.Errorf("reading a grant: %w", err)
		}
		holder, on := row.GetPrincipal().GetId(), row.GetEntitlement().GetId()
		end, _ := metadata.GetMetadata().AsMap()["endDateTime"].(string)
		if end != "" && holder.GetResourceType() == userType && (strings.HasPrefix(on, "role:") || strings.HasPrefix(on, "scoped_role:") || strings.HasPrefix(on, packageType+":")) {
			s.add(value, until(expect.Edge(on, userType, holder.GetResource()), end))
		}
	}
	return nil
}

func (s rowSet) valuesOfUser(row *v2.Resource) error {
	trait := &v2.UserTrait{}
	annos := annotations.Annotations(row.GetAnnotations())
	if found, err := annos.Pick(trait); err != nil || !found || row.GetId().GetResourceType() != userType {
		return err
	}
	id, profile := row.GetId().GetResource(), row.GetProfile().AsMap()
	if manager, _ := profile["managerId"].(string); manager != "" {
		s.add(value, managedBy(id, manager))
	}
	if at := trait.GetLastLogin(); at != nil {
		s.add(value, signedIn(id, at.AsTime().Format(time.RFC3339)))
	}
	if mfa := trait.GetMfaStatus(); mfa != nil {
		s.add(value, registered(id, mfa.GetMfaEnabled()))
	}
	if of, _ := profile["mailboxPurpose"].(string); of != "" {
		s.add(value, purpose(id, of))
	}
	sponsors, _ := profile["sponsorIds"].([]any)
	for _, by := range sponsors {
		s.add(value, sponsored(id, fmt.Sprint(by)))
	}
	for _, name := range append([]string{leaveDate}, detailsLookedAt...) {
		if of, _ := profile[name].(string); of != "" {
			s.add(value, property(userType, id, name, of))
		}
	}
	return nil
}

func property(of, id, name, is string) string {
	return of + ":" + id + " has " + name + " " + moment(is)
}

func sponsored(guest, by string) string     { return "user:" + guest + " is sponsored by " + by }
func confessed(data string) string          { return "the snapshot says that it has no " + data }
func managedBy(user, manager string) string { return "user:" + user + " is managed by " + manager }
func signedIn(user, at string) string       { return "user:" + user + " signed in at " + moment(at) }
func purpose(user, of string) string        { return "user:" + user + " has a mailbox: " + of }
func until(edge, end string) string         { return edge + " until " + moment(end) }

func gives(id string, n int) string { return fmt.Sprintf("access_package:%s gives %d", id, n) }

func registered(user string, yes bool) string {
	return fmt.Sprintf("user:%s is registered: %t", user, yes)
}

// moment is a time to the second, in one spelling.
func moment(text string) string {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return text
	}
	return at.UTC().Format(time.DateTime)
}
