package directory

import (
	"time"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/logs"
)

const (
	historyAudits  = 48
	historySignIns = 150
	historySpan    = 20 * time.Hour
)

// StartLogs gives the tenant a past, unless another server has done so: the same entries for the same tenant, at times
// that end shortly before now.
func (t *Tenant) StartLogs(now func() time.Time) {
	t.Lock()
	defer t.Unlock()
	if t.Logs.now != nil {
		return
	}
	t.Logs.now = now
	end := now().Add(-time.Hour)
	for i := range historyAudits {
		e := t.pastAudit(i)
		e.Time = end.Add(-historySpan + time.Duration(i)*historySpan/historyAudits)
		e.By = logs.AuditInitiator{User: &logs.AuditUser{ID: t.IDOf(UserRef(UserAdmin)), UserPrincipalName: t.UserPrincipalName(UserAdmin)}}
		if i%9 == 4 {
			e.Result, e.Reason = "failure", "Insufficient privileges to complete the operation."
		}
		t.AddAudit(e)
	}
	for i := range historySignIns {
		e := logs.SignInEntry{
			UserID: t.IDOf(UserRef(Below(t.Hash(UserRef(i), saltSignIn), t.Shape.Users))),
			AppID:  t.AppID(Below(t.Hash(SPRef(i), saltSignIn), FirstRandomSP)),
			Time:   end.Add(-historySpan + time.Duration(i/2)*2*historySpan/historySignIns), // Two at a time.
		}
		if i%7 == 3 {
			e.ErrorCode = 50126
		}
		t.AddSignIn(e)
	}
}

// saltSignIn belongs to the sign-ins of the past.
const saltSignIn = 200

// pastAudit is something that has brought the tenant to what it is.
func (t *Tenant) pastAudit(i int) logs.AuditEntry {
	person := func(n int) logs.Principal { return logs.Principal{Type: "User", ID: t.IDOf(UserRef(n))} }
	g := GroupBig + i%6
	switch i % 6 {
	case 0:
		m := t.Groups[g].Members[Below(t.Hash(GroupRef(i), saltSignIn), len(t.Groups[g].Members))]
		return logs.GroupMemberAudit(true, t.IDOf(GroupRef(g)), t.auditPrincipal(m))
	case 1:
		return logs.GroupMemberAudit(false, t.IDOf(GroupRef(GroupPage)), person(20+i))
	case 2:
		a := t.AppAssigned[Below(t.Hash(SPRef(i), saltSignIn), len(t.AppAssigned))]
		return logs.AppRoleAudit(true, t.IDOf(SPRef(int(a.Resource))), t.RoleID(a), t.auditPrincipal(a.Principal))
	case 3:
		return logs.ChangeAudit("Update user", "UserManagement", "User", person(30+i).ID)
	case 4:
		return logs.OwnerAudit(true, "Group", t.IDOf(GroupRef(GroupPage)), person(40+i))
	default:
		return logs.ChangeAudit("Update application", "ApplicationManagement", "Application", t.IDOf(MakeRef(KindApplication, i%len(t.Registrations))))
	}
}

func (t *Tenant) auditPrincipal(r Ref) logs.Principal {
	types := map[Kind]string{KindUser: "User", KindGroup: "Group", KindServicePrincipal: "ServicePrincipal", KindDevice: "Device"}
	if name, ok := types[r.Kind()]; ok {
		return logs.Principal{Type: name, ID: t.IDOf(r)}
	}
	return logs.Principal{Type: "Other", ID: t.IDOf(r)}
}
