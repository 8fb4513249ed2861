package directory

import (
	"cmp"
	"fmt"
	"time"
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

// Logs are the entries in the order in which they became visible.
type Logs struct {
	Audits  []AuditEntry
	SignIns []SignInEntry
	now     func() time.Time
}

// AddAudit puts an entry at the end of the audit log. Callers hold the lock.
func (t *Tenant) AddAudit(e AuditEntry) {
	n := len(t.Logs.Audits)
	if e.Time.IsZero() {
		e.Time = t.Logs.now()
	}
	e.Service = cmp.Or(e.Service, "Core Directory")
	e.Result = cmp.Or(e.Result, "success")
	e.Operation = cmp.Or(e.Operation, "Update")
	if e.ID == "" {
		e.ID = fmt.Sprintf("Directory_%s_SIM_%d", t.GUIDOf(MakeRef(KindDirectoryAudit, n)), n)
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
	t.Logs.Audits = append(t.Logs.Audits, e)
}

// AddSignIn puts an entry at the end of the sign-in log. Callers hold the lock.
func (t *Tenant) AddSignIn(e SignInEntry) {
	if e.Time.IsZero() {
		e.Time = t.Logs.now()
	}
	e.ID = cmp.Or(e.ID, t.GUIDOf(MakeRef(KindSignIn, len(t.Logs.SignIns))).String())
	e.ResourceID = cmp.Or(e.ResourceID, GraphAppID)
	e.HomeTenant, e.ResourceTenant = cmp.Or(e.HomeTenant, t.TenantID()), cmp.Or(e.ResourceTenant, t.TenantID())
	t.Logs.SignIns = append(t.Logs.SignIns, e)
}

// Audit is an entry of the audit log.
func (t *Tenant) Audit(i int) *AuditEntry { return &t.Logs.Audits[i] }

// SignIn is an entry of the sign-in log.
func (t *Tenant) SignIn(i int) *SignInEntry { return &t.Logs.SignIns[i] }
