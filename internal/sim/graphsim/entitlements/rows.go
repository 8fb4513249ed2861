package entitlements

import (
	"strconv"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/governance"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/odata"
)

var (
	catalogType = &odata.RowType{
		Name: "accessPackageCatalog", Filters: []string{"displayName"},
		Properties: strings.Fields("id displayName description catalogType state isExternallyVisible createdDateTime modifiedDateTime"),
	}
	originType = &odata.RowType{Name: "accessPackageResourceRole", Properties: strings.Fields("id displayName description originId originSystem")}
	scopeType  = &odata.RowType{Name: "accessPackageResourceScope", Properties: strings.Fields("id displayName description originId originSystem isRootScope")}
	givenType  = &odata.RowType{
		Name: "accessPackageResourceRoleScope", Properties: strings.Fields("id createdDateTime"), Relations: map[string]*odata.RowType{"role": originType, "scope": scopeType},
	}
	packageProperties = strings.Fields("id displayName description isHidden createdDateTime modifiedDateTime")
	bareType          = &odata.RowType{Name: "accessPackage", Properties: packageProperties}
	policyType        = &odata.RowType{
		Name: "accessPackageAssignmentPolicy", Filters: []string{"displayName"},
		Properties: strings.Fields("id displayName description allowedTargetScope specificAllowedTargets expiration requestorSettings " +
			"requestApprovalSettings automaticRequestSettings reviewSettings createdDateTime modifiedDateTime"),
		Relations: map[string]*odata.RowType{"accessPackage": bareType, "catalog": catalogType},
	}
	packageType = &odata.RowType{
		Name: "accessPackage", Properties: packageProperties, Filters: []string{"displayName"},
		Relations: map[string]*odata.RowType{"catalog": catalogType, "resourceRoleScopes": givenType, "assignmentPolicies": policyType},
	}
	subjectType = &odata.RowType{
		Name: "accessPackageSubject", Properties: strings.Fields("id objectId displayName email principalName onPremisesSecurityIdentifier subjectType subjectLifecycle"),
	}
	assignmentType = &odata.RowType{
		Name: "accessPackageAssignment", Properties: strings.Fields("id state status expiredDateTime schedule"),
		Relations: map[string]*odata.RowType{"target": subjectType, "accessPackage": bareType, "assignmentPolicy": policyType},
		Filters:   []string{"state", "accessPackage/id", "assignmentPolicy/id", "target/objectId"},
	}
	objectType = &odata.RowType{Name: "directoryObject", Properties: []string{"id"}}
	roleType   = &odata.RowType{
		Name: "unifiedRoleAssignment", Filters: []string{"principalId", "roleDefinitionId", "appScopeId"},
		Properties: strings.Fields("id principalId roleDefinitionId directoryScopeId appScopeId"), Relations: map[string]*odata.RowType{"principal": objectType},
	}
)

func null(s string) any { return directory.OrNull(s) }

func catalogRow(c *governance.Catalog) odata.Row {
	return odata.Row{
		"id": c.ID, "displayName": c.Name, "description": c.Description, "catalogType": c.Type, "state": c.State, "isExternallyVisible": c.External,
		"createdDateTime": c.Created, "modifiedDateTime": c.Created,
	}
}

// seenCatalogRows are the catalogues that the application sees.
func seenCatalogRows(c *api.Call) odata.Rows {
	var rows []odata.Row
	for i := range c.Tenant.Governance.Catalogs {
		if one := &c.Tenant.Governance.Catalogs[i]; !one.Unseen {
			rows = append(rows, catalogRow(one))
		}
	}
	return odata.These(rows)
}

func seenCatalog(c *api.Call, id string) odata.Row {
	for i := range c.Tenant.Governance.Catalogs {
		if one := &c.Tenant.Governance.Catalogs[i]; !one.Unseen && one.ID == id {
			return catalogRow(one)
		}
	}
	return nil
}

func catalogOf(c *api.Call, id string) any {
	for i := range c.Tenant.Governance.Catalogs {
		if one := &c.Tenant.Governance.Catalogs[i]; one.ID == id {
			return catalogRow(one)
		}
	}
	return nil
}

func bareRow(p *governance.Package) odata.Row {
	return odata.Row{
		"id": p.ID, "displayName": p.Name, "description": null(p.Description), "isHidden": p.Hidden, "createdDateTime": p.Created, "modifiedDateTime": p.Created,
	}
}

func packageOf(c *api.Call, id string) any {
	if p, found := c.Tenant.Governance.Package(id); found {
		return bareRow(p)
	}
	return nil
}

// bareRows are the packages as a list has them: what they give shows only of one of them at a time.
func bareRows(c *api.Call) odata.Rows {
	return odata.Rows{Len: len(c.Tenant.Governance.Packages), At: func(i int) odata.Row {
		p := &c.Tenant.Governance.Packages[i]
		row := bareRow(p)
		row["catalog"] = catalogOf(c, p.Catalog)
		return row
	}}
}

// wholePackage is a package with all that belongs to it.
func wholePackage(c *api.Call, id string) odata.Row {
	p, found := c.Tenant.Governance.Package(id)
	if !found {
		return nil
	}
	row := bareRow(p)
	given := []odata.Row{}
	for n, content := range p.Contents {
		id := p.ID[:24] + strconv.Itoa(100_000_000_000+n)
		given = append(given, odata.Row{
			"id": id + "_" + p.ID, "createdDateTime": p.Created,
			"role":  odata.Row{"id": id, "displayName": content.RoleName, "description": nil, "originId": content.RoleID, "originSystem": content.System},
			"scope": odata.Row{"id": p.ID, "displayName": "Root", "description": "Root Scope", "originId": content.ScopeID, "originSystem": content.System, "isRootScope": true},
		})
	}
	own := []odata.Row{}
	for i := range c.Tenant.Governance.Policies {
		if y := &c.Tenant.Governance.Policies[i]; !y.Gone && y.Package == p.ID {
			own = append(own, policyRow(c, y))
		}
	}
	row["catalog"], row["resourceRoleScopes"], row["assignmentPolicies"] = catalogOf(c, p.Catalog), given, own
	return row
}

func subjects(list []governance.Subject) []map[string]any {
	out := []map[string]any{}
	for _, s := range list {
		row := map[string]any{"@odata.type": "#" + directory.Namespace + s.Type}
		switch s.Type {
		case "singleUser":
			row["userId"], row["description"] = s.ID, "A person"
		case "groupMembers":
			row["groupId"], row["description"] = s.ID, "A group"
		case "requestorManager":
			if level, err := strconv.Atoi(s.ID); err == nil {
				row["managerLevel"] = level
			}
		}
		out = append(out, row)
	}
	return out
}

func expiration(end, duration string) map[string]any {
	kind := "noExpiration"
	switch {
	case end != "":
		kind = "afterDateTime"
	case duration != "":
		kind = "afterDuration"
	}
	return map[string]any{"type": kind, "endDateTime": null(end), "duration": null(duration)}
}

func policyRow(c *api.Call, p *governance.Policy) odata.Row {
	stages := []map[string]any{}
	for _, s := range p.Stages {
		stages = append(stages, map[string]any{
			"durationBeforeAutomaticDenial": "P14D", "isApproverJustificationRequired": true, "isEscalationEnabled": false, "durationBeforeEscalation": "PT0S",
			"primaryApprovers": subjects(s.Approvers), "fallbackPrimaryApprovers": subjects(s.Fallback),
			"escalationApprovers": []any{}, "fallbackEscalationApprovers": []any{},
		})
	}
	row := odata.Row{
		"id": p.ID, "displayName": p.Name, "description": "", "allowedTargetScope": p.Scope, "specificAllowedTargets": subjects(p.Targets),
		"expiration": expiration(p.End, p.Duration),
		"requestorSettings": map[string]any{
			"enableTargetsToSelfAddAccess": p.Requestable, "enableTargetsToSelfUpdateAccess": false, "enableTargetsToSelfRemoveAccess": p.Requestable,
			"allowCustomAssignmentSchedule": true, "enableOnBehalfRequestorsToAddAccess": false, "enableOnBehalfRequestorsToUpdateAccess": false,
			"enableOnBehalfRequestorsToRemoveAccess": false, "onBehalfRequestors": []any{},
		},
		"requestApprovalSettings":  map[string]any{"isApprovalRequiredForAdd": p.Approval, "isApprovalRequiredForUpdate": false, "stages": stages},
		"automaticRequestSettings": nil, "reviewSettings": nil, "createdDateTime": "2024-01-01T00:00:00Z", "modifiedDateTime": "2024-01-01T00:00:00Z",
		"accessPackage": packageOf(c, p.Package), "catalog": nil,
	}
	if p.Automatic {
		row["automaticRequestSettings"] = map[string]any{
			"requestAccessForAllowedTargets": true, "removeAccessWhenTargetLeavesAllowedTargets": true, "gracePeriodBeforeAccessRemoval": "P7D",
		}
	}
	if of, found := c.Tenant.Governance.Package(p.Package); found {
		row["catalog"] = catalogOf(c, of.Catalog)
	}
	return row
}

// policyRows are the policies that are there.
func policyRows(c *api.Call) odata.Rows {
	var there []*governance.Policy
	for i := range c.Tenant.Governance.Policies {
		if p := &c.Tenant.Governance.Policies[i]; !p.Gone {
			there = append(there, p)
		}
	}
	return odata.Rows{Len: len(there), At: func(i int) odata.Row { return policyRow(c, there[i]) }}
}

// assignmentRows are all assignments that there ever were.
func assignmentRows(c *api.Call) odata.Rows {
	state := c.Tenant.Governance
	policies, packages := map[string]*governance.Policy{}, map[string]*governance.Package{}
	for i := range state.Policies {
		if p := &state.Policies[i]; !p.Gone {
			policies[p.ID] = p
		}
	}
	for i := range state.Packages {
		packages[state.Packages[i].ID] = &state.Packages[i]
	}
	return odata.Rows{Len: len(state.Assignments), At: func(i int) odata.Row {
		a := &state.Assignments[i]
		row := assignmentRow(a)
		row["accessPackage"] = func() odata.Row {
			if of, found := packages[a.Package]; found {
				return bareRow(of)
			}
			return odata.Row{"id": a.Package} // Only its id is left.
		}
		if by, found := policies[a.Policy]; found {
			row["assignmentPolicy"] = func() odata.Row { return policyRow(c, by) }
		} else if a.Policy != "" {
			row["assignmentPolicy"] = odata.Row{"id": a.Policy}
		}
		row["target"] = func() odata.Row { return subjectRow(c, a) }
		return row
	}}
}

func assignmentRow(a *governance.Assignment) odata.Row {
	return odata.Row{
		"id": a.ID, "state": a.State, "status": strings.ToUpper(a.State[:1]) + a.State[1:], "expiredDateTime": null(a.Expired),
		"schedule":      map[string]any{"startDateTime": null(a.Start), "recurrence": nil, "expiration": expiration(a.End, a.Duration)},
		"accessPackage": nil, "assignmentPolicy": nil, "target": nil,
	}
}

func subjectRow(c *api.Call, a *governance.Assignment) odata.Row {
	row := odata.Row{
		"id": "5" + a.ID[1:], "objectId": a.Target, "displayName": "", "email": null(a.Email), "principalName": nil, "onPremisesSecurityIdentifier": nil,
		"subjectType": "notSpecified", "subjectLifecycle": "notDefined",
	}
	if r, found := refOf(c, a.Target); found {
		row["displayName"], row["subjectType"], row["subjectLifecycle"] = c.Tenant.DisplayName(r), "user", "notGoverned"
		if r.Kind() == directory.KindServicePrincipal {
			row["subjectType"] = "servicePrincipal"
		}
	}
	return row
}

func refOf(c *api.Call, id string) (directory.Ref, bool) {
	g, ok := directory.ParseGUID(id)
	if !ok {
		return 0, false
	}
	return c.Tenant.RefOf(g)
}

// roleRows are the roles of entitlement management that are held.
func roleRows(c *api.Call) odata.Rows {
	var rows []odata.Row
	for _, r := range c.Tenant.Governance.Roles {
		row := odata.Row{"id": r.ID, "principalId": r.Principal, "roleDefinitionId": r.Role, "directoryScopeId": nil, "appScopeId": "/AccessPackageCatalog/" + r.Catalog, "principal": nil}
		if r.Catalog == "" {
			row["directoryScopeId"], row["appScopeId"] = "/", nil
		}
		if ref, found := refOf(c, r.Principal); found && c.Tenant.Live(ref) {
			row["principal"] = odata.Row{"@odata.type": "#" + directory.Namespace + c.Tenant.Model.Of(ref.Kind()).Name, "id": r.Principal}
		}
		rows = append(rows, row)
	}
	return odata.These(rows)
}
