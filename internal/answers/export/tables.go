package export

// tables are all tables in the order of the export. The longest is the last, so that
// the sheets that it goes on in come after it.
func tables() []*table {
	return []*table{
		&aboutTable.table, &principalsTable.table, &resourcesTable.table, &entitlementsTable.table, &credentialsTable.table, &accessTable.table,
	}
}

// How the tables hang together, for the pages that explain them.
var howToRead = []string{
	"Every id is the one of Microsoft Entra ID, and the same in each export of the tenant.",
	"Who can hold something is in principals. What can be held on is in resources, and in principals too: a group has members, an application has roles.",
	"entitlements is what there is to hold, and access who holds it. A row of access says who holds what, itself (direct = yes), " +
		"through groups (through), or both. Without rows whose principal_type is group it is who has access in the end.",
	"Times are UTC. yes/no columns are empty where the snapshot does not tell. about says what the snapshot was made of, and what it leaves out: what was not read looks here as if nobody had it.",
}

// example is a question with its answer in SQL. SQLite and DuckDB both understand it.
type example struct{ name, question, sql string }

// examples are questions to begin with. In a database each is a view of its name.
var examples = []example{
	{
		"privileged_people", "Who holds a privileged directory role now, directly or through which group, and until when?",
		`SELECT principal_name, principal_login, principal_type, resource_name, direct, through, kind, until, principal_id, resource_id
FROM access
WHERE resource_type IN ('role', 'scoped_role') AND entitlement_slug = 'assigned' AND power IS NOT NULL AND principal_type <> 'group'
ORDER BY resource_name, principal_name, principal_id`,
	},
	{
		"privileged_eligible", "Who can activate a privileged directory role?",
		`SELECT principal_name, principal_login, principal_type, resource_name, direct, through, until, principal_id, resource_id
FROM access
WHERE resource_type IN ('role', 'scoped_role') AND entitlement_slug = 'eligible' AND power IS NOT NULL AND principal_type <> 'group'
ORDER BY resource_name, principal_name, principal_id`,
	},
	{
		"guests_with_roles", "Which guests hold a directory role, or can activate one?",
		`SELECT principal_name, principal_login, resource_name, entitlement_slug, through, until, principal_id, resource_id
FROM access
WHERE principal_guest = 'yes' AND resource_type IN ('role', 'scoped_role')
ORDER BY principal_name, principal_id, resource_name`,
	},
	{
		"disabled_with_access", "Which disabled people still hold access, and how much?",
		`SELECT principal_name, principal_login, COUNT(*) AS holds, SUM(CASE WHEN power IS NOT NULL THEN 1 ELSE 0 END) AS of_it_powerful
FROM access
WHERE principal_type = 'user' AND principal_enabled = 'no'
GROUP BY principal_id, principal_name, principal_login
ORDER BY of_it_powerful DESC, holds DESC, principal_name`,
	},
	{
		"powerful_applications", "Which applications hold a permission that gives much, and how many owners do they have?",
		`SELECT a.principal_name, a.principal_type, a.resource_name AS api, a.entitlement_name AS permission, a.power,
  (SELECT COUNT(*) FROM access o WHERE o.resource_id = a.principal_id AND o.entitlement_slug = 'owner') AS owners
FROM access a
WHERE a.resource_type = 'application' AND a.power IS NOT NULL AND a.principal_type NOT IN ('user', 'group')
ORDER BY a.principal_name, a.principal_id, permission`,
	},
	{
		"credentials_ending", "Which secrets and certificates end within 30 days of the snapshot?",
		`SELECT ends, days_left, owner_name, owner_type, kind, name, id
FROM credentials
WHERE days_left BETWEEN 0 AND 30
ORDER BY ends, id`,
	},
	{
		"roles_without_mfa", "Which enabled people hold a directory role and have not registered for multifactor authentication?",
		`SELECT DISTINCT p.name, p.login, a.resource_name, a.entitlement_slug
FROM principals p JOIN access a ON a.principal_id = p.id
WHERE p.type = 'user' AND p.enabled = 'yes' AND p.mfa = 'no' AND a.resource_type IN ('role', 'scoped_role')
ORDER BY p.name, p.login, a.resource_name`,
	},
	{
		"licences_unused", "Who holds a licence and has not signed in for 90 days? Who never did is not among them.",
		`SELECT a.resource_name AS licence, p.name, p.login, p.last_sign_in, p.days_since_sign_in
FROM access a JOIN principals p ON p.id = a.principal_id
WHERE a.resource_type = 'license' AND p.type = 'user' AND p.days_since_sign_in >= 90
ORDER BY licence, p.days_since_sign_in DESC, p.name`,
	},
	{
		"groups_without_owners", "Which groups have members and no owner? Of groups that Exchange or Active Directory manages the owners are not in Microsoft Graph.",
		`SELECT g.name, g.kind, g.role_assignable, COUNT(*) AS direct_members, g.id
FROM principals g JOIN access m ON m.resource_id = g.id AND m.entitlement_slug = 'member' AND m.direct = 'yes'
WHERE g.type = 'group' AND g.source = 'cloud' AND (g.kind LIKE 'security%' OR g.kind LIKE 'Microsoft 365%')
  AND NOT EXISTS (SELECT 1 FROM access o WHERE o.resource_id = g.id AND o.entitlement_slug = 'owner')
GROUP BY g.id, g.name, g.kind, g.role_assignable
ORDER BY direct_members DESC, g.name`,
	},
	{
		"managers_to_ask", "Whose manager can say whether a privileged directory role is still needed?",
		`SELECT p.manager_name, p.name, p.login, p.job_title, COUNT(*) AS roles
FROM principals p JOIN access a ON a.principal_id = p.id
WHERE p.type = 'user' AND p.manager_name IS NOT NULL AND a.resource_type IN ('role', 'scoped_role') AND a.power IS NOT NULL
GROUP BY p.id, p.manager_name, p.name, p.login, p.job_title
ORDER BY p.manager_name, p.name`,
	},
}
