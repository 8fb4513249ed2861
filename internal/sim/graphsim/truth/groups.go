package truth

import (
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

// groupDetailNames are the further properties of groups.
var groupDetailNames = strings.Fields("securityIdentifier classification expirationDateTime onPremisesSecurityIdentifier onPremisesDomainName onPremisesSamAccountName")

// truthGroup adds what is told of a group beside what it is.
func truthGroup(t *directory.Tenant, g *Group, i int) {
	r := directory.GroupRef(i)
	g.Team = slices.Contains(t.ListOf(r, "resourceProvisioningOptions"), "Team")
	g.Details = map[string]string{}
	for _, name := range groupDetailNames {
		if s := t.TextOf(r, name); s != "" && s != schema.NoMoment {
			g.Details[name] = s
		}
	}
	p, _ := t.Model.Of(directory.KindGroup).Property("assignedLabels")
	rows, _ := p.Value(t, i).([]schema.AssignedLabel)
	for _, row := range rows {
		id, _ := row.LabelID.(string)
		name, _ := row.DisplayName.(string)
		if id != "" {
			g.Labels = append(g.Labels, GroupLabel{ID: id, Name: name})
		}
	}
}
