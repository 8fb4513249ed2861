package directory

import (
	"cmp"
	"fmt"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/logs"
)

// AddAudit puts an entry at the end of the audit log. Callers hold the lock.
func (t *Tenant) AddAudit(e logs.AuditEntry) {
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
		e.Targets = []logs.AuditTarget{}
	}
	for i := range e.Targets {
		if e.Targets[i].Modified == nil {
			e.Targets[i].Modified = []logs.AuditProperty{}
		}
	}
	if e.Details == nil {
		e.Details = []logs.AuditDetail{}
	}
	t.Logs.Audits = append(t.Logs.Audits, e)
}

// AddSignIn puts an entry at the end of the sign-in log. Callers hold the lock.
func (t *Tenant) AddSignIn(e logs.SignInEntry) {
	if e.Time.IsZero() {
		e.Time = t.Logs.now()
	}
	e.ID = cmp.Or(e.ID, t.GUIDOf(MakeRef(KindSignIn, len(t.Logs.SignIns))).String())
	e.ResourceID = cmp.Or(e.ResourceID, GraphAppID)
	e.HomeTenant, e.ResourceTenant = cmp.Or(e.HomeTenant, t.TenantID()), cmp.Or(e.ResourceTenant, t.TenantID())
	t.Logs.SignIns = append(t.Logs.SignIns, e)
}

// Audit is an entry of the audit log.
func (t *Tenant) Audit(i int) *logs.AuditEntry { return &t.Logs.Audits[i] }

// SignIn is an entry of the sign-in log.
func (t *Tenant) SignIn(i int) *logs.SignInEntry { return &t.Logs.SignIns[i] }
