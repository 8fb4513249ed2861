package report

import (
	"fmt"
	"maps"
	"slices"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
	"github.com/conductorone/baton-azure-ad/internal/console/terminal"
)

// overview is what the page begins with.
type overview struct {
	Told     bool     `json:"told"`
	Tenant   string   `json:"tenant,omitempty"`
	TenantID string   `json:"tenantId,omitempty"`
	Domains  []string `json:"domains,omitempty"`
	Cloud    string   `json:"cloud,omitempty"`
	Plans    []string `json:"plans,omitempty"`
	Build    string   `json:"build,omitempty"`
	// Began and Ended are the times of the sync.
	Began   string     `json:"began,omitempty"`
	Ended   string     `json:"ended,omitempty"`
	Read    []string   `json:"read,omitempty"`
	LeftOut [][]string `json:"leftOut,omitempty"`
	// Settings are names and values.
	Settings [][]string `json:"settings,omitempty"`
	// Untold says what the snapshot cannot tell.
	Untold string `json:"untold,omitempty"`
	// Counts are how many objects there are: what they are called, and how many.
	Counts   []countRow `json:"counts"`
	Holdings int        `json:"holdings"`
}

type countRow struct {
	Type string `json:"type"`
	Name string `json:"name"`
	N    int    `json:"n"`
	Note string `json:"note,omitempty"`
}

const saysNothing = "This snapshot does not say of which tenant it is, nor what was read and what was left out: it was made by an older build, or limited to other types. " +
	"An empty table in this report can mean that there is nothing, or that it was not read."

func overviewOf(about *access.About, p *people, holdings int) *overview {
	o := &overview{
		Told: about.Told, Tenant: nameOf(about.Tenant), TenantID: about.TenantID, Cloud: about.Cloud, Build: clean(about.Build, longestName),
		Domains: harmless(about.Domains), Plans: harmless(about.Plans), Read: harmless(about.Read), Holdings: holdings,
		Settings: pairs(about.Settings),
	}
	if !about.Told {
		o.Untold = saysNothing
	}
	if !about.ReadAt.IsZero() {
		o.Began = moment(about.ReadAt)
	}
	if !about.EndedAt.IsZero() {
		o.Ended = moment(about.EndedAt)
	}
	for _, data := range slices.Sorted(maps.Keys(about.LeftOut)) {
		o.LeftOut = append(o.LeftOut, []string{terminal.Harmless(data), clean(about.LeftOut[data], longestValue)})
	}
	for _, t := range access.TypeIDs() {
		if n := p.counts[t]; n > 0 && t != access.TypeTenant {
			row := countRow{Type: t, Name: access.TypeName(t, n != 1), N: n}
			if t == access.TypeUser {
				row.Note = fmt.Sprintf("%d enabled, %d disabled, %d guests, %d synchronized from on-premises", p.enabled, p.disabled, len(p.guests), p.synced)
			}
			o.Counts = append(o.Counts, row)
		}
	}
	return o
}

func harmless(texts []string) []string {
	made := make([]string, 0, len(texts))
	for _, t := range texts {
		made = append(made, clean(t, longestName))
	}
	return made
}

func pairs(values map[string]any) [][]string {
	var made [][]string
	for _, key := range slices.Sorted(maps.Keys(values)) {
		made = append(made, []string{terminal.Harmless(key), clean(fmt.Sprint(values[key]), longestValue)})
	}
	return made
}

// The sections of the page, and the blocks that some of them have.
const (
	sectionPrivileged   = "privileged"
	sectionApplications = "applications"
	sectionCredentials  = "credentials"
	sectionGuests       = "guests"
	sectionLicences     = "licences"
	sectionGroups       = "groups"
)

// gaps are, by section, what the snapshot does not have of what the section is about.
func gaps(s *access.Snapshot) map[string][]string {
	found := map[string][]string{}
	for _, g := range []struct{ section, resourceType string }{
		{sectionPrivileged, access.TypeRole}, {sectionPrivileged, access.TypeScopedRole}, {sectionApplications, access.TypeApplication}, {sectionApplications, access.TypeConsent},
		{sectionCredentials, access.TypeCredential}, {sectionGuests, access.TypeUser}, {sectionLicences, access.TypeLicense}, {sectionGroups, access.TypeGroup},
	} {
		if !s.Has(g.resourceType) {
			found[g.section] = append(found[g.section], fmt.Sprintf("The snapshot was made without %s: they are not in this report.", access.TypeName(g.resourceType, true)))
		}
	}
	for _, g := range []struct{ section, data, means string }{
		{sectionPrivileged, access.DataRoleEligibility, "who may activate a role is not in this report"},
		{sectionPrivileged, access.DataRoleTimes, "since and until when a role is held is not in this report"},
		{sectionPrivileged, access.DataGroupEligibility, "who may become a member of a group that holds a role is not in this report"},
		{sectionPrivileged, access.DataPackages, "by which access package a role is held, and who comes to one by that, is not in this report"},
		{sectionApplications, access.DataConsents, "what people have consented to is not in this report"},
		{sectionCredentials, access.DataFederated, "federated credentials are not in this report"},
		{sectionGuests, access.DataSignIns, "when guests last signed in is not in this report"},
		{sectionGuests, access.DataRegistrations, "whether guests registered for MFA is not in this report"},
		{sectionLicences, access.DataLicences, "licences are not in this report"},
		{sectionGroups, access.DataHiddenMembers, "groups whose members are hidden look empty in this report"},
	} {
		if at, earlier := s.About().Earlier[g.data]; earlier {
			found[g.section] = append(found[g.section], fmt.Sprintf("The %s is older than the rest of the snapshot: it was read on %s.", g.data, moment(at)))
		}
		if known, why := s.About().Knows(g.data); known == access.NotRead {
			text := fmt.Sprintf("The snapshot was made without %s: %s.", g.data, g.means)
			if why != "" {
				text += " Why: " + clean(why, longestValue)
			}
			found[g.section] = append(found[g.section], text)
		}
	}
	return found
}
