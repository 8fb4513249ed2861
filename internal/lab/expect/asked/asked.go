// Package asked works out what the questions of "baton-azure-ad ask" have to answer:
// from the simulated tenant's own truth, without the snapshot and without any code that
// answers them. Rows are texts that a test can make of an answer too.
package asked

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/lab/expect"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// Tenant is a tenant that can be asked.
type Tenant struct {
	truth *graphsim.Truth
	// edges are "entitlement <- type:id" of everybody who holds something, directly or
	// in effect.
	edges map[string]bool
	types map[string]string
}

// Of takes a tenant's truth.
func Of(truth *graphsim.Truth) *Tenant {
	t := &Tenant{truth: truth, edges: map[string]bool{}, types: map[string]string{}}
	expect.Snapshot(truth, expect.Options{}, func(kind expect.Kind, row string) {
		switch kind {
		case expect.Direct, expect.Effective:
			t.edges[row] = true
		case expect.Resource:
			resourceType, id, _ := strings.Cut(row, ":")
			if resourceType != "app_registration" && resourceType != "credential" {
				t.types[id] = resourceType
			}
		case expect.Entitlement, expect.Takes:
		}
	})
	return t
}

// Edges are those that a test chooses by entitlement and principal, sorted.
func (t *Tenant) Edges(chosen func(entitlement, principal string) bool) []string {
	var rows []string
	for row := range t.edges {
		if entitlement, principal, _ := strings.Cut(row, " <- "); chosen(entitlement, principal) {
			rows = append(rows, row)
		}
	}
	slices.Sort(rows)
	return rows
}

// principal is a principal as edges have it; empty for one that is not in the snapshot.
func (t *Tenant) principal(id string) string {
	if t.types[id] == "" {
		return ""
	}
	return t.types[id] + ":" + id
}

// Ends are the ends of direct holds on roles and access packages, and of eligibilities for groups:
// "entitlement <- type:id until 2031-02-19", for those that end.
func (t *Tenant) Ends() []string {
	var rows []string
	for _, e := range t.truth.GroupEligibilities {
		row := "group:" + e.GroupID + ":eligible_" + e.Access + " <- " + t.principal(e.Principal.ID)
		if e.End != "" && t.edges[row] { // Not every group is asked about.
			rows = append(rows, row+" until "+e.End[:len(time.DateOnly)])
		}
	}
	for slug, list := range map[string][]graphsim.TruthRoleAssignment{"assigned": t.truth.RoleAssignments, "eligible": t.truth.RoleEligibilities} {
		for _, a := range list {
			who := t.principal(a.Principal.ID)
			if a.End == "" || who == "" || a.Scope != "/" && a.ScopeType == "" {
				continue
			}
			rows = append(rows, t.roleEntitlement(a, slug)+" <- "+who+" until "+a.End[:len(time.DateOnly)])
		}
	}
	for _, a := range t.truth.PackageAssignments {
		row := "access_package:" + a.PackageID + ":" + a.PolicyID + " <- " + t.principal(a.Principal.ID)
		if a.End != "" && t.edges[row] {
			rows = append(rows, row+" until "+a.End[:len(time.DateOnly)])
		}
	}
	return unique(rows)
}

func (t *Tenant) roleEntitlement(a graphsim.TruthRoleAssignment, slug string) string {
	if a.Scope == "/" {
		return "role:" + a.RoleID + ":" + slug
	}
	return "scoped_role:" + a.RoleID + "@" + a.ScopeObjectID + ":" + slug
}

// typeUser is the type of people.
const typeUser = "user"

// The APIs that applications ask for mail and files.
const (
	MicrosoftGraph = "00000003-0000-0000-c000-000000000000"
	ExchangeOnline = "00000002-0000-0ff1-ce00-000000000000"
	SharePoint     = "00000003-0000-0ff1-ce00-000000000000"
)

// Permitted are the applications that have one of some permissions of an API: "id value itself", "id value everybody" or "id value <person's id>".
func (t *Tenant) Permitted(appID string, values ...string) []string {
	var rows []string
	api := t.api(appID)
	if api == nil {
		return nil
	}
	roles := map[string]string{}
	for _, r := range api.AppRoles {
		roles[r.ID] = r.Value
	}
	for _, a := range t.truth.AppRoleAssignments {
		if value := roles[a.AppRoleID]; a.ResourceID == api.ID && slices.Contains(values, value) {
			rows = append(rows, a.Principal.ID+" "+value+" itself")
		}
	}
	for _, c := range t.truth.Consents {
		if c.ResourceID != api.ID {
			continue
		}
		who := c.PrincipalID
		if who == "" {
			who = "everybody"
		}
		for _, scope := range strings.Fields(c.Scope) {
			if slices.Contains(values, scope) {
				rows = append(rows, c.ClientID+" "+scope+" "+who)
			}
		}
	}
	for _, p := range t.truth.Inherited {
		switch {
		case p.ResourceID != api.ID:
		case p.AppRoleID != "":
			if value := roles[p.AppRoleID]; slices.Contains(values, value) {
				rows = append(rows, p.AgentID+" "+value+" itself")
			}
		default:
			for _, scope := range p.Scopes {
				if slices.Contains(values, scope) {
					rows = append(rows, p.AgentID+" "+scope+" everybody")
				}
			}
		}
	}
	return unique(rows)
}

// api is the service principal of an API; nil where the tenant has none.
func (t *Tenant) api(appID string) *graphsim.TruthServicePrincipal {
	for i := range t.truth.ServicePrincipals {
		if t.truth.ServicePrincipals[i].AppID == appID {
			return &t.truth.ServicePrincipals[i]
		}
	}
	return nil
}

// Guests are "id roles applications groups": how many of each they have.
func (t *Tenant) Guests() []string {
	held := map[string]map[string]bool{}
	for row := range t.edges {
		entitlement, principal, _ := strings.Cut(row, " <- ")
		resource := entitlement[:strings.LastIndexByte(entitlement, ':')]
		if held[principal] == nil {
			held[principal] = map[string]bool{}
		}
		held[principal][strings.TrimPrefix(resource, "scoped_")] = true
	}
	var rows []string
	for i := range t.truth.Users {
		u := &t.truth.Users[i]
		if u.UserType != "Guest" {
			continue
		}
		counts := map[string]int{}
		for resource := range held["user:"+u.ID] {
			kind, _, _ := strings.Cut(resource, ":")
			counts[kind]++
		}
		rows = append(rows, fmt.Sprintf("%s %d %d %d", u.ID, counts["role"], counts["application"], counts["group"]))
	}
	return unique(rows)
}

// ExpiringCredentials are "owner's id end" of the credentials that end from a moment
// on within some days; the same credential text twice is two credentials.
func (t *Tenant) ExpiringCredentials(at time.Time, days int) []string {
	var rows []string
	for _, c := range t.truth.Credentials {
		end, err := time.Parse(time.RFC3339, c.End)
		if err == nil && !end.Before(at) && end.Before(at.AddDate(0, 0, days)) {
			rows = append(rows, c.OwnerID+" "+end.UTC().Format("2006-01-02 15:04"))
		}
	}
	slices.Sort(rows)
	return rows
}

func unique(rows []string) []string {
	slices.Sort(rows)
	return slices.Compact(rows)
}

// Through is by which groups principals hold what reaches a group's own members alone:
// "entitlement <- type:id through <group's id>".
func (t *Tenant) Through() []string {
	members := map[string][]string{}
	for _, m := range t.truth.Members {
		if who := t.principal(m.Principal.ID); who != "" {
			members[m.ObjectID] = append(members[m.ObjectID], who)
		}
	}
	var rows []string
	for edge := range t.edges {
		entitlement, holder, _ := strings.Cut(edge, " <- ")
		group, byGroup := strings.CutPrefix(holder, "group:")
		if !byGroup || !reachesMembers(entitlement) {
			continue
		}
		for _, who := range members[group] {
			person := strings.HasPrefix(who, "user:")
			// Tokens of service principals have no claim for an app role of a group's.
			if person || !strings.HasPrefix(entitlement, "application:") && !strings.HasPrefix(who, "group:") && !strings.HasPrefix(who, "device:") {
				rows = append(rows, entitlement+" <- "+who+" through "+group)
			}
		}
	}
	for _, p := range t.truth.Inherited {
		if p.AppRoleID != "" {
			rows = append(rows, "application:"+p.ResourceID+":"+p.AppRoleID+" <- agent_identity:"+p.AgentID+" through "+p.BlueprintID)
		}
	}
	for _, a := range t.truth.LicenseAssignments {
		if a.GroupID != "" && a.Works() && t.types[a.Principal.ID] == typeUser {
			rows = append(rows, "license:"+a.SkuID+":assigned <- user:"+a.Principal.ID+" through "+a.GroupID)
		}
	}
	return unique(rows)
}

// reachesMembers reports whether a group's members have what the group has.
func reachesMembers(entitlement string) bool {
	kind, _, _ := strings.Cut(entitlement, ":")
	slug := entitlement[strings.LastIndexByte(entitlement, ':')+1:]
	switch kind {
	case "role", "scoped_role":
		return true
	case "application":
		return slug != "owner"
	case "group":
		return strings.HasPrefix(slug, "eligible_")
	default:
		return false
	}
}
