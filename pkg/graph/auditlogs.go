package graph

import (
	"context"
	"time"

	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// maxLogPage is the largest page of the logs that is asked for.
const maxLogPage = sending.MaxPageSize

// LogWindow is a part of a log's time, in whole seconds.
type LogWindow struct {
	// From belongs to the window, Until does not.
	From, Until time.Time
	// Top is the number of rows of a page, sending.MaxPageSize at most.
	Top int
}

// filter uses no operator but those that the logs document
// (https://learn.microsoft.com/graph/api/resources/directoryaudit): ge and le.
func (w LogWindow) filter(property string) string {
	const second = "2006-01-02T15:04:05"
	last := w.Until.UTC().Add(-time.Second).Format(second) + ".9999999Z"
	return property + " ge " + w.From.UTC().Format(second) + "Z and " + property + " le " + last
}

func (w LogWindow) query(path, property string) sending.Query {
	return sending.Query{Path: path, Filter: w.filter(property), Top: min(max(w.Top, 1), maxLogPage)}
}

// DirectoryAudit is an entry of the directory audit log
// (https://learn.microsoft.com/graph/api/resources/directoryaudit).
type DirectoryAudit struct {
	ID       string    `json:"id"`
	Time     time.Time `json:"activityDateTime"`
	Activity string    `json:"activityDisplayName"`
	Category string    `json:"category"`
	// Service is the part of Microsoft Entra that made the entry.
	Service string `json:"loggedByService"`
	// Result is AuditSuccess, or says that nothing was changed.
	Result      string `json:"result"`
	InitiatedBy struct {
		App *struct {
			DisplayName string `json:"displayName"`
		} `json:"app"`
	} `json:"initiatedBy"`
	Targets []AuditTarget `json:"targetResources"`
	Details []struct {
		Key   string `json:"key"`
		Value string `json:"value"`
	} `json:"additionalDetails"`
}

// AuditSuccess is the result of what was done.
const AuditSuccess = "success"

// AuditTarget is an object that an entry is about.
type AuditTarget struct {
	ID string `json:"id"`
	// Type is "User", "Group", "ServicePrincipal", "Application" and the like.
	Type     string          `json:"type"`
	Modified []AuditProperty `json:"modifiedProperties"`
}

// AuditProperty is a change of a property. The values are JSON in a string.
type AuditProperty struct {
	Name     string `json:"displayName"`
	OldValue string `json:"oldValue"`
	NewValue string `json:"newValue"`
}

// ListDirectoryAudits reads one page of the audit log, oldest first. It counts
// against the reports service's budget, 5 requests in 10 s. Permission:
// AuditLog.Read.All
// (https://learn.microsoft.com/graph/api/directoryaudit-list).
func (c *Client) ListDirectoryAudits(ctx context.Context, w LogWindow, next string) (*sending.Page[DirectoryAudit], error) {
	first := w.query("/auditLogs/directoryAudits", "activityDateTime")
	first.Order = "activityDateTime"
	return sending.GetPage[DirectoryAudit](ctx, c.Sender, sending.OrFirst(next, first))
}

// SignIn is an entry of the sign-in log: a person's interactive sign-in
// (https://learn.microsoft.com/graph/api/resources/signin).
type SignIn struct {
	ID     string    `json:"id"`
	Time   time.Time `json:"createdDateTime"`
	UserID string    `json:"userId"`
	// AppID is the application (client) id of what was signed in to.
	AppID string `json:"appId"`
	// HomeTenantID is the person's tenant, and ResourceTenantID the one that
	// was signed in to; empty where Graph does not tell.
	HomeTenantID     string `json:"homeTenantId"`
	ResourceTenantID string `json:"resourceTenantId"`
	Status           struct {
		// ErrorCode is zero where the sign-in succeeded.
		ErrorCode int `json:"errorCode"`
	} `json:"status"`
}

// ListSignIns reads one page of the sign-in log, newest first: that is the only
// order that it promises. It counts against the reports service's budget.
// Permission: AuditLog.Read.All; the tenant needs Entra ID P1
// (https://learn.microsoft.com/graph/api/signin-list).
func (c *Client) ListSignIns(ctx context.Context, w LogWindow, next string) (*sending.Page[SignIn], error) {
	return sending.GetPage[SignIn](ctx, c.Sender, sending.OrFirst(next, w.query("/auditLogs/signIns", "createdDateTime")))
}
