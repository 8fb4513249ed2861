package asked

import (
	"slices"
	"strings"
)

// Activation is what activating a directory role takes, "approval|approvers|MFA|
// justification|ticket|longest", and what the approvers are called.
func (t *Tenant) Activation(role string) (string, []string) {
	for i := range t.truth.Activations {
		a := &t.truth.Activations[i]
		if a.RoleID != role {
			continue
		}
		var approvers, names []string
		for _, p := range a.Approvers {
			if who := t.principal(p.ID); who != "" {
				approvers, names = append(approvers, who), append(names, t.name(p.ID))
			}
		}
		// In the order of Microsoft's names for people and groups.
		slices.SortFunc(approvers, func(a, b string) int {
			return strings.Compare(a[strings.IndexByte(a, ':'):], b[strings.IndexByte(b, ':'):])
		})
		slices.SortStableFunc(approvers, func(a, b string) int { return strings.Compare(order(a), order(b)) })
		return strings.Join([]string{
			a.Approval, strings.Join(append(approvers, a.Sets...), " "), a.MFA, a.Justification, a.Ticket, a.Longest,
		}, "|"), names
	}
	return "", nil
}

// order is what the type of an approver is sorted by.
func order(who string) string {
	switch kind, _, _ := strings.Cut(who, ":"); kind {
	case "group":
		return "groupMembers"
	case typeUser:
		return "singleUser"
	default:
		return "singleServicePrincipal"
	}
}

func (t *Tenant) name(id string) string {
	for i := range t.truth.Users {
		if t.truth.Users[i].ID == id {
			return t.truth.Users[i].UPN
		}
	}
	for i := range t.truth.Groups {
		if t.truth.Groups[i].ID == id {
			return t.truth.Groups[i].DisplayName
		}
	}
	return ""
}
