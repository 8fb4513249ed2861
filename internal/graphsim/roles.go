package graphsim

func newRoleDefinitionType() *entityType {
	const plain = inDefault | filterable
	return newEntityType(
		entityType{name: "unifiedRoleDefinition", kind: KindRoleDefinition},
		[]property{
			idProperty(KindRoleDefinition),
			text("description", inDefault, func(t *Tenant, i int) string { return t.roles[i].description }),
			text("displayName", plain, func(t *Tenant, i int) string { return t.roles[i].name }),
			flag("isBuiltIn", plain, func(t *Tenant, i int) bool { return t.roles[i].builtIn }),
			flag("isEnabled", inDefault, func(t *Tenant, i int) bool { return !t.roles[i].disabled }),
			list("resourceScopes", inDefault, func(*Tenant, int) []string { return []string{"/"} }),
			value("rolePermissions", edmComplexes, inDefault, func(*Tenant, int) any {
				return []rolePermission{{AllowedResourceActions: []string{"microsoft.directory/users/standard/read"}, ExcludedResourceActions: []string{}}}
			}),
			text("templateId", inDefault, func(t *Tenant, i int) string { return t.roles[i].id.String() }),
			text("version", inDefault, func(t *Tenant, i int) string {
				if t.roles[i].builtIn {
					return "1"
				}
				return ""
			}),
		},
	)
}

type rolePermission struct {
	AllowedResourceActions  []string `json:"allowedResourceActions"`
	ExcludedResourceActions []string `json:"excludedResourceActions"`
	Condition               *string  `json:"condition"`
}

func newRoleAssignmentType() *entityType {
	const plain = inDefault | filterable
	return newEntityType(
		entityType{name: "unifiedRoleAssignment", kind: KindRoleAssignment},
		[]property{
			idProperty(KindRoleAssignment),
			text("principalId", plain, func(t *Tenant, i int) string { return t.principalID(t.assignments[i]) }),
			text("principalOrganizationId", inDefault, func(t *Tenant, _ int) string { return t.TenantID() }),
			text("directoryScopeId", plain, func(t *Tenant, i int) string { return t.scopeID(t.assignments[i].scope) }),
			text("roleDefinitionId", plain, func(t *Tenant, i int) string { return t.roles[t.assignments[i].role].id.String() }),
		},
		unset(edmString, inDefault, "appScopeId condition"),
	)
}

// existing keeps the object of an edge's end if there is one now.
func (c *call) existing(r Ref) []Ref {
	if r == 0 || !c.tenant.shows(r) {
		return nil
	}
	return []Ref{r}
}
