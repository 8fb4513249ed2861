package graphsim

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// The kinds of rows of the logs. Kinds have five bits: these are the last two.
const (
	KindDirectoryAudit Kind = iota + 30
	KindSignIn
)

// How long the logs are kept (reference-reports-data-retention).
const (
	retentionFree    = 7 * 24 * time.Hour
	retentionPremium = 30 * 24 * time.Hour
)

// AuditEntry is an entry of the directory audit log. What is left empty is filled in by AddAudit.
type AuditEntry struct {
	ID        string
	Time      time.Time
	Activity  string
	Category  string
	Service   string // "Core Directory" unless said.
	Operation string
	Result    string // "success" unless said.
	Reason    string
	By        AuditInitiator
	Targets   []AuditTarget
	Details   []AuditDetail
}

// AuditInitiator is who did it: a person or an application.
type AuditInitiator struct {
	App  *AuditApp  `json:"app"`
	User *AuditUser `json:"user"`
}

// AuditApp is an application that did something.
type AuditApp struct {
	AppID                string  `json:"appId"`
	DisplayName          string  `json:"displayName"`
	ServicePrincipalID   string  `json:"servicePrincipalId"`
	ServicePrincipalName *string `json:"servicePrincipalName"`
}

// AuditUser is a person who did something.
type AuditUser struct {
	ID                string `json:"id"`
	DisplayName       string `json:"displayName"`
	UserPrincipalName string `json:"userPrincipalName"`
	IPAddress         string `json:"ipAddress"`
}

// AuditTarget is something that was changed.
type AuditTarget struct {
	ID                string          `json:"id"`
	DisplayName       string          `json:"displayName"`
	Type              string          `json:"type"`
	UserPrincipalName *string         `json:"userPrincipalName"`
	GroupType         *string         `json:"groupType"`
	Modified          []AuditProperty `json:"modifiedProperties"`
}

// AuditProperty is a change of one property. Values are JSON: a string has its own quotes.
type AuditProperty struct {
	DisplayName string  `json:"displayName"`
	OldValue    *string `json:"oldValue"`
	NewValue    *string `json:"newValue"`
}

// AuditDetail is a further fact of an entry.
type AuditDetail struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Added is a property that has a value now and had none; the value is a string.
func Added(name, value string) AuditProperty {
	quoted := `"` + value + `"`
	return AuditProperty{DisplayName: name, NewValue: &quoted}
}

// Removed is a property that had a value and has none now; the value is a string.
func Removed(name, value string) AuditProperty {
	quoted := `"` + value + `"`
	return AuditProperty{DisplayName: name, OldValue: &quoted}
}

// SignInEntry is an entry of the sign-in log. What is left empty is filled in by AddSignIn.
type SignInEntry struct {
	ID             string
	Time           time.Time // Logged to the second.
	UserID         string
	AppID          string
	ResourceID     string // The application id of the resource.
	HomeTenant     string // This tenant unless said.
	ResourceTenant string // This tenant unless said.
	ErrorCode      int    // Zero for success.
}

// logs are the entries in the order in which they became visible.
type logs struct {
	audits  []AuditEntry
	signIns []SignInEntry
	now     func() time.Time
}

// AddAudit puts entries into the directory audit log. An entry whose time has long passed has come late.
func (s *Server) AddAudit(entries ...AuditEntry) {
	s.graph.directory.mu.Lock()
	defer s.graph.directory.mu.Unlock()
	for i := range entries {
		s.graph.directory.addAudit(entries[i])
	}
}

func (t *Tenant) addAudit(e AuditEntry) {
	n := len(t.logs.audits)
	if e.Time.IsZero() {
		e.Time = t.logs.now()
	}
	e.Service = cmp.Or(e.Service, "Core Directory")
	e.Result = cmp.Or(e.Result, "success")
	e.Operation = cmp.Or(e.Operation, "Update")
	if e.ID == "" {
		e.ID = fmt.Sprintf("Directory_%s_SIM_%d", t.guidOf(makeRef(KindDirectoryAudit, n)), n)
	}
	if e.Targets == nil {
		e.Targets = []AuditTarget{}
	}
	for i := range e.Targets {
		if e.Targets[i].Modified == nil {
			e.Targets[i].Modified = []AuditProperty{}
		}
	}
	if e.Details == nil {
		e.Details = []AuditDetail{}
	}
	t.logs.audits = append(t.logs.audits, e)
}

// AddSignIn puts entries into the sign-in log.
func (s *Server) AddSignIn(entries ...SignInEntry) {
	s.graph.directory.mu.Lock()
	defer s.graph.directory.mu.Unlock()
	for i := range entries {
		s.graph.directory.addSignIn(entries[i])
	}
}

func (t *Tenant) addSignIn(e SignInEntry) {
	if e.Time.IsZero() {
		e.Time = t.logs.now()
	}
	e.ID = cmp.Or(e.ID, t.guidOf(makeRef(KindSignIn, len(t.logs.signIns))).String())
	e.ResourceID = cmp.Or(e.ResourceID, graphAppID)
	e.HomeTenant, e.ResourceTenant = cmp.Or(e.HomeTenant, t.TenantID()), cmp.Or(e.ResourceTenant, t.TenantID())
	t.logs.signIns = append(t.logs.signIns, e)
}

// ClearLogs empties both logs of their history, for tests that count entries.
func (s *Server) ClearLogs() {
	s.graph.directory.mu.Lock()
	defer s.graph.directory.mu.Unlock()
	s.graph.directory.logs.audits, s.graph.directory.logs.signIns = nil, nil
}

// newestFirst are the entries of a log that are still kept, in the order in which Graph lists them.
func (c *call) newestFirst(k Kind, n int, at func(i int) time.Time) []Ref {
	kept := c.graph.now().Add(-retentionFree)
	if c.tenant.hasPlan(planP1) {
		kept = c.graph.now().Add(-retentionPremium)
	}
	var rows []Ref
	for i := range n {
		if at(i).After(kept) {
			rows = append(rows, makeRef(k, i))
		}
	}
	slices.SortStableFunc(rows, func(a, b Ref) int { return at(b.index()).Compare(at(a.index())) })
	return rows
}
