package graphsim

import "time"

const (
	historyAudits  = 48
	historySignIns = 150
	historySpan    = 20 * time.Hour
)

// startLogs gives the tenant a past, unless another server has done so: the same entries for the same tenant, at times
// that end shortly before now.
func (t *Tenant) startLogs(now func() time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.logs.now != nil {
		return
	}
	t.logs.now = now
	end := now().Add(-time.Hour)
	for i := range historyAudits {
		e := t.pastAudit(i)
		e.Time = end.Add(-historySpan + time.Duration(i)*historySpan/historyAudits)
		e.By = AuditInitiator{User: &AuditUser{ID: t.id(userRef(userAdmin)), UserPrincipalName: t.userPrincipalName(userAdmin)}}
		if i%9 == 4 {
			e.Result, e.Reason = "failure", "Insufficient privileges to complete the operation."
		}
		t.addAudit(e)
	}
	for i := range historySignIns {
		e := SignInEntry{
			UserID: t.id(userRef(below(t.hash(userRef(i), saltSignIn), t.shape.users))),
			AppID:  t.appID(below(t.hash(spRef(i), saltSignIn), firstRandomSP)),
			Time:   end.Add(-historySpan + time.Duration(i/2)*2*historySpan/historySignIns), // Two at a time.
		}
		if i%7 == 3 {
			e.ErrorCode = 50126
		}
		t.addSignIn(e)
	}
}

// saltSignIn belongs to the sign-ins of the past.
const saltSignIn = 200

// pastAudit is something that has brought the tenant to what it is.
func (t *Tenant) pastAudit(i int) AuditEntry {
	person := func(n int) Principal { return Principal{"User", t.id(userRef(n))} }
	g := GroupBig + i%6
	switch i % 6 {
	case 0:
		m := t.groups[g].members[below(t.hash(groupRef(i), saltSignIn), len(t.groups[g].members))]
		return GroupMemberAudit(true, t.id(groupRef(g)), t.auditPrincipal(m))
	case 1:
		return GroupMemberAudit(false, t.id(groupRef(GroupPage)), person(20+i))
	case 2:
		a := t.appAssigned[below(t.hash(spRef(i), saltSignIn), len(t.appAssigned))]
		return AppRoleAudit(true, t.id(spRef(int(a.resource))), t.roleID(a), t.auditPrincipal(a.principal))
	case 3:
		return ChangeAudit("Update user", "UserManagement", "User", person(30+i).ID)
	case 4:
		return OwnerAudit(true, "Group", t.id(groupRef(GroupPage)), person(40+i))
	default:
		return ChangeAudit("Update application", "ApplicationManagement", "Application", t.id(makeRef(KindApplication, i%len(t.registrations))))
	}
}

func (t *Tenant) auditPrincipal(r Ref) Principal {
	types := map[Kind]string{KindUser: "User", KindGroup: "Group", KindServicePrincipal: "ServicePrincipal", KindDevice: "Device"}
	if name, ok := types[r.Kind()]; ok {
		return Principal{name, t.id(r)}
	}
	return Principal{"Other", t.id(r)}
}
