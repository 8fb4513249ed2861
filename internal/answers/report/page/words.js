// What things are called. Keys that have no word here are shown as the snapshot has them.

const slugWords = {
  member: "Member", owner: "Owner", eligible_member: "May become a member", eligible_owner: "May become an owner",
  assigned: "Assigned", eligible: "Eligible", default_access: "Default access", sponsor: "Sponsor", granted: "Consent",
  access_package_manager: "Access package manager", assignment_manager: "Assignment manager", reader: "Reader",
};

// The kinds of steps of paths.
const edgeNames = {
  "holds-role": "holds", "eligible-for-role": "may activate", member: "is in", "eligible-member": "may activate being in", "owns-group": "owns",
  "eligible-owner": "may activate owning", "manages-members": "decides who is in", "owns-application": "owns", "owns-registration": "owns what it is of",
  "adds-credential": "adds a credential", "is-blueprint-of": "is the blueprint of", resets: "resets sign-in of", "trusts-authority": "forges certificates",
  federates: "federates domain of", synchronizes: "writes password of", "gives-role": "gives", "lifts-restriction": "lifts restriction",
  "package-gives": "gives", "manages-package": "manages", "asks-for-package": "may ask for",
};

const factWords = {
  description: "Description", status: "Status", created: "Created", lastSignIn: "Last sign-in", lastSignInUnknown: "Last sign-in is not known", mfa: "Registered for MFA",
  jobTitle: "Job title", department: "Department", companyName: "Company", employeeId: "Employee id", employeeType: "Employee type",
  source: "Source", managerId: "Manager", userType: "User type", externalUserState: "Invitation", mail: "Mail", mailNickname: "Mail nickname",
  authenticationMethods: "Authentication methods", mfaCapable: "Can use MFA", passwordlessCapable: "Can sign in without a password",
  deletedDateTime: "Deleted", groupTypes: "Group types", isAssignableToRole: "Can hold roles", isManagementRestricted: "Management restricted",
  mailEnabled: "Mail-enabled", securityEnabled: "Security-enabled", onPremisesSyncEnabled: "Synchronized from on-premises",
  membershipRule: "Membership rule", visibility: "Visibility", appId: "Application id", appRoleAssignmentRequired: "Assignment required",
  servicePrincipalType: "Kind of service principal", appOwnerOrganizationId: "Tenant of the owner", signInAudience: "Who can sign in",
  homepage: "Home page", publisherDomain: "Publisher domain", kind: "Kind", assignment: "Assignment", azureResourceId: "Azure resource",
  isBuiltIn: "Built-in", isEnabled: "Enabled", role: "Role", roleDefinitionId: "Role id", scope: "Scope", scopeId: "Scope id", scopeType: "Kind of scope",
  clientId: "Client", resourceId: "Resource", principalId: "Person", consentType: "For whom", givenBy: "Given by",
  membershipType: "Membership", isMemberManagementRestricted: "Restricted management", agentIdentityBlueprintId: "Blueprint",
  appliesTo: "Applies to", capabilityStatus: "Status of the product", enabledUnits: "Seats enabled", warningUnits: "Seats in warning",
  suspendedUnits: "Seats suspended", lockedOutUnits: "Seats locked out", skuPartNumber: "Part number", riskLevel: "Risk level", riskState: "State of the risk",
  identifierUris: "Identifier URIs", operatingSystem: "Operating system", operatingSystemVersion: "Version", deviceOwnership: "Ownership",
  catalogId: "Catalogue", catalogType: "Kind of catalogue", isExternallyVisible: "Open to people from outside", isHidden: "Hidden", gives: "Gives", policy: "Policy",
};

// Facts that are ids of other objects, and the types that these can be of.
const factLinks = {
  managerId: ["user"], clientId: ["application", "agent_identity", "managed_identity"], resourceId: ["application"], principalId: ["user"],
  roleDefinitionId: ["role"], scopeId: ["administrative_unit", "group", "application", "app_registration", "device"],
  catalogId: ["access_package_catalog"],
};

// What people hold, in the order of a person's page.
const heldKinds = [
  ["Directory roles", ["role", "scoped_role"]],
  ["Groups", ["group"]],
  ["Applications", ["application"]],
  ["Licences", ["license"]],
  ["Devices", ["device"]],
  ["Administrative units", ["administrative_unit"]],
  ["Registrations and other identities", ["app_registration", "managed_identity", "agent_identity"]],
  ["Consents", ["consent"]],
  ["Access packages", ["access_package", "access_package_catalog"]],
];

// The roles, in the order of the section.
const roleGroups = [
  ["Tier 0: give the whole tenant away", (r) => r.tier === 0 && !r.scope],
  ["Tier 1: privileged", (r) => r.tier === 1 && !r.scope],
  ["Privileged roles in a part of the tenant", (r) => r.tier >= 0 && r.scope],
  ["Other roles, and custom ones, of which the snapshot does not say what they allow", (r) => r.tier < 0],
];

const credentialWords = {
  clientSecret: "Secret", AsymmetricX509Cert: "Certificate", X509CertAndPassword: "Certificate with password", Symmetric: "Symmetric key", federatedIdentityCredential: "Federated",
};

const number = (n) => n.toLocaleString("en-US");

const plural = (n, one, many) => number(n) + " " + (n === 1 ? one : many || one + "s");

const typeWord = (type, many) => {
  const row = summary.types.find((t) => t[0] === type);
  return row ? row[many ? 2 : 1] : type;
};

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

const short = (text, most) => text.length > most && [...text].length > most ? [...text].slice(0, most - 1).join("") + "…" : text;

// A time in the form in which people read it, in UTC; a text that is no time stays.
const moment = (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? text.slice(0, 10) + " " + text.slice(11, 16) + " UTC" : text;

const dateOnly = (text) => /^\d{4}-\d\d-\d\dT/.test(text) ? text.slice(0, 10) : text;

const daysUntil = (text) => Math.floor((Date.parse(text) - Date.parse(summary.now)) / 86400000);

// Questions for the command line. A name can hold anything, so what is not plain is
// quoted for a shell.
const quoted = (text) => /^[\w.@:\/+-]+$/.test(text) && !text.startsWith("-") ? text : "'" + text.replaceAll("'", "'\\''") + "'";

const question = (verb, object) => {
  const asked = object.login && /^[\w.@+-]+$/.test(object.login) ? object.login : object.type + ":" + object.id;
  return "baton-azure-ad ask -f " + quoted(summary.snapshot) + " " + verb + " " + quoted(asked);
};
