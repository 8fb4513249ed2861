package graphsim

import (
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/exchange"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/faults"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/limits"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/login"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/logs"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/truth"
)

// What a tenant holds, and what was done in it.
type (
	AuditApp    = logs.AuditApp
	AuditEntry  = logs.AuditEntry
	AuditTarget = logs.AuditTarget
	Kind        = directory.Kind
	Option      = directory.Option
	Principal   = logs.Principal
	Quirk       = directory.Quirk
	SignInEntry = logs.SignInEntry
	Size        = directory.Size
)

// What is true of a tenant.
type (
	Truth                  = truth.Statement
	TruthAccess            = truth.Access
	TruthActivation        = truth.Activation
	TruthAccessPackage     = truth.AccessPackage
	TruthAppRoleAssignment = truth.AppRoleAssignment
	TruthChannel           = truth.Channel
	TruthChannelMember     = truth.ChannelMember
	TruthConsent           = truth.Consent
	TruthCredential        = truth.Credential
	TruthEdge              = truth.Edge
	TruthInherited         = truth.Inherited
	TruthGroup             = truth.Group
	TruthGroupEligibility  = truth.GroupEligibility
	TruthLicense           = truth.License
	TruthLicenseAssignment = truth.LicenseAssignment
	TruthPackageAssignment = truth.PackageAssignment
	TruthPackageContent    = truth.PackageContent
	TruthPackagePolicy     = truth.PackagePolicy
	TruthPrincipal         = truth.Principal
	TruthResourceConsent   = truth.ResourceConsent
	TruthRoleAssignment    = truth.RoleAssignment
	TruthServicePrincipal  = truth.ServicePrincipal
	TruthUser              = truth.User
)

// What a server saw, what it limits, and what it is told to do wrong.
type (
	Action             = faults.Action
	Budget             = limits.Budget
	FederatedExpansion = api.FederatedExpansion
	Form               = faults.Form
	Refusal            = faults.Refusal
	Request            = api.Request
	Rule               = faults.Rule
	Target             = faults.Target
	TokenRefusal       = login.TokenRefusal
)

// The sizes of a tenant.
const (
	Tiny         = directory.Tiny
	Small        = directory.Small
	Medium       = directory.Medium
	Large        = directory.Large
	MediumDouble = directory.MediumDouble
	LargeHalf    = directory.LargeHalf
	LargeDouble  = directory.LargeDouble
	Heavy        = directory.Heavy
)

// The kinds of objects.
const (
	KindAdministrativeUnit       = directory.KindAdministrativeUnit
	KindApplication              = directory.KindApplication
	KindConsent                  = directory.KindConsent
	KindContact                  = directory.KindContact
	KindDevice                   = directory.KindDevice
	KindGroup                    = directory.KindGroup
	KindGroupAssignmentInstance  = directory.KindGroupAssignmentInstance
	KindGroupEligibilityInstance = directory.KindGroupEligibilityInstance
	KindOrganization             = directory.KindOrganization
	KindRegistrationDetails      = directory.KindRegistrationDetails
	KindRiskyUser                = directory.KindRiskyUser
	KindRoleAssignment           = directory.KindRoleAssignment
	KindRoleAssignmentInstance   = directory.KindRoleAssignmentInstance
	KindRoleDefinition           = directory.KindRoleDefinition
	KindRoleEligibilityInstance  = directory.KindRoleEligibilityInstance
	KindServicePrincipal         = directory.KindServicePrincipal
	KindUser                     = directory.KindUser
)

// Objects that exist for a reason, in every tenant.
const (
	DeviceOfTwo                  = schema.DeviceOfTwo
	DeviceScope                  = schema.DeviceScope
	GroupAppOuter                = directory.GroupAppOuter
	GroupBig                     = directory.GroupBig
	GroupChain2                  = directory.GroupChain2
	GroupDiamondBottom           = directory.GroupDiamondBottom
	GroupDistribution            = directory.GroupDistribution
	GroupDynamic                 = directory.GroupDynamic
	GroupEmpty                   = directory.GroupEmpty
	GroupHidden                  = directory.GroupHidden
	GroupMailSecurity            = directory.GroupMailSecurity
	GroupMicrosoft365            = directory.GroupMicrosoft365
	GroupMixed                   = directory.GroupMixed
	GroupNoDescription           = directory.GroupNoDescription
	GroupOnlyApps                = directory.GroupOnlyApps
	GroupPairA                   = directory.GroupPairA
	GroupPairB                   = directory.GroupPairB
	GroupRoleAssignable          = directory.GroupRoleAssignable
	GroupRoleAssignableApps      = directory.GroupRoleAssignableApps
	GroupSynced                  = directory.GroupSynced
	GroupTripleB                 = directory.GroupTripleB
	GroupTwenty                  = directory.GroupTwenty
	RegistrationConnector        = directory.RegistrationConnector
	RegistrationPayroll          = directory.RegistrationPayroll
	RegistrationWiki             = directory.RegistrationWiki
	RoleApplicationAdministrator = directory.RoleApplicationAdministrator
	RoleGlobalReader             = directory.RoleGlobalReader
	RoleHelpdeskAdministrator    = directory.RoleHelpdeskAdministrator
	AgentBlueprint               = directory.SPAgentBlueprint
	SPBusyMember                 = directory.SPBusyMember
	SPBusyOwner                  = directory.SPBusyOwner
	SPConnector                  = directory.SPConnector
	SPCycle                      = directory.SPCycle
	SPDisabled                   = directory.SPDisabled
	SPGallery                    = directory.SPGallery
	SPPayroll                    = directory.SPPayroll
	SPUnassigned                 = directory.SPUnassigned
	SPWiki                       = directory.SPWiki
	UnitDynamic                  = directory.UnitDynamic
	UnitEmpty                    = directory.UnitEmpty
	UnitLarge                    = directory.UnitLarge
	UserOther                    = directory.UserOther
	UserPlain                    = directory.UserPlain
)

// Quirks that a test switches by name.
const (
	QuirkCustomerTenant     = directory.QuirkCustomerTenant
	QuirkFlexibleCredential = directory.QuirkFlexibleCredential
	QuirkOddProfiles        = directory.QuirkOddProfiles
	QuirkPartners           = directory.QuirkPartners
	QuirkPlanEnded          = directory.QuirkPlanEnded
	QuirkReportsFlicker     = directory.QuirkReportsFlicker
	QuirkRiskyUsersEnd      = directory.QuirkRiskyUsersEnd
	QuirkSelectInExpand     = directory.QuirkSelectInExpand
	QuirkSignInPlaceholders = directory.QuirkSignInPlaceholders
	QuirkSyncedHolders      = directory.QuirkSyncedHolders
)

// Where faults strike, and how the login side and $expand refuse.
const (
	AnyTarget         = faults.AnyTarget
	AuthorityOnly     = faults.AuthorityOnly
	CredentialBlocked = login.CredentialBlocked
	CredentialExpired = login.CredentialExpired
	FederatedIgnored  = api.FederatedIgnored
	FederatedRefused  = api.FederatedRefused
	ItemsOnly         = faults.ItemsOnly
	RefusedOutdated   = login.RefusedOutdated
	RefusedWithClaims = login.RefusedWithClaims
	RequestsOnly      = faults.RequestsOnly
)

// How a tenant is made, and what a token carries.
var (
	CorePermissions    = directory.CorePermissions
	DefaultPermissions = directory.DefaultPermissions
	Quirks             = directory.Quirks
	SyncedHolders      = directory.SyncedHolders
	With               = directory.With
	Without            = directory.Without
	WritePermissions   = directory.WritePermissions
	ErrUnknownObject   = directory.ErrUnknownObject
	Selectable         = schema.Selectable
)

// Entries of the audit log.
var (
	AppRoleAudit     = logs.AppRoleAudit
	ChangeAudit      = logs.ChangeAudit
	GroupMemberAudit = logs.GroupMemberAudit
	LicenseAudit     = logs.LicenseAudit
	OwnerAudit       = logs.OwnerAudit
	PIMAudit         = logs.PIMAudit
	RoleAudit        = logs.RoleAudit
)

// ExchangeRole is what an application may do in Exchange.
type ExchangeRole = exchange.Role

// What an application holds of Exchange, and what goes wrong there.
const (
	ExchangeAdministrator  = exchange.ExchangeAdministrator
	ExchangeAppRole        = exchange.AppRole
	ExchangeBusy           = exchange.Busy
	ExchangeNoRole         = exchange.NoRole
	ExchangeUnwritten      = exchange.Unwritten
	RecipientAdministrator = exchange.RecipientAdministrator
)

// Budgets (throttling-limits).
var (
	BudgetL    = limits.BudgetL
	BudgetM    = limits.BudgetM
	BudgetS    = limits.BudgetS
	WriteQuota = limits.WriteQuota
)

// What goes wrong with a request.
var (
	ActThenReset     = faults.ActThenReset
	ActThenRespond   = faults.ActThenRespond
	BadGateway       = faults.BadGateway
	CutGzip          = faults.CutGzip
	DropLinks        = faults.DropLinks
	DuplicateRows    = faults.DuplicateRows
	EmptyObject      = faults.EmptyObject
	EmptyPage        = faults.EmptyPage
	Endless          = faults.Endless
	ExpirePageToken  = faults.ExpirePageToken
	ForeignNextLink  = faults.ForeignNextLink
	ForgetPageToken  = faults.ForgetPageToken
	HalfBody         = faults.HalfBody
	InvalidJSON      = faults.InvalidJSON
	Latency          = faults.Latency
	LoopLinks        = faults.LoopLinks
	NotGzip          = faults.NotGzip
	Redirect         = faults.Redirect
	Refusals         = faults.Refusals
	RepeatNextLink   = faults.RepeatNextLink
	ResetConnection  = faults.ResetConnection
	Respond          = faults.Respond
	ResyncRequired   = faults.ResyncRequired
	Stall            = faults.Stall
	StateNotFound    = faults.StateNotFound
	Throttle         = faults.Throttle
	ThrottleUntil    = faults.ThrottleUntil
	Truncate         = faults.Truncate
	WrongContentType = faults.WrongContentType
)
