package signin

// explanation is what a refusal means and what a person can do about it: two
// clauses of one sentence.
type explanation struct{ problem, advice string }

const (
	adviceOtherMethod  = "use an application with a secret or certificate, or sign in interactively with --auth-method device-code"
	adviceFederation   = "compare the federated credential of the application with the token's issuer, subject and audience"
	adviceTenantFormat = "give the tenant's GUID or one of its verified domain names as --azure-tenant-id"
	adviceLater        = "try again later"
	problemNoTrust     = "the application has no federated credential that matches the token"
)

// authorityCodes explains the AADSTS codes that a misconfigured connector
// meets. They are used for advice only: Microsoft may change them
// (https://learn.microsoft.com/entra/identity-platform/reference-error-codes).
var authorityCodes = map[int]explanation{
	7000215: {"the client secret is wrong", "paste the secret's Value from the app registration, not its Secret ID"},
	7000222: {"the client secret has expired", "create a new one in the app registration and configure its Value"},
	7000112: {"the application is disabled in this tenant", "enable sign-in on its Enterprise applications page"},
	7000218: {
		"the application does not allow signing in without a secret or certificate",
		"set Allow public client flows on its Authentication page, or choose another --auth-method",
	},
	700016: {
		"the application is not known in this tenant",
		"check --azure-client-id and --azure-tenant-id, and that an administrator of this tenant has consented to the application",
	},
	700024: {
		"the signed assertion is outside its time of validity",
		"correct the clock of this machine, or renew the federated token",
	},
	700027: {
		"the application does not know the certificate, or its signature is not valid",
		"upload the certificate's public part to the app registration and check that it has not expired",
	},
	70021:  {problemNoTrust, adviceFederation},
	700211: {problemNoTrust + "'s issuer", adviceFederation},
	700212: {problemNoTrust + "'s audience", adviceFederation},
	700213: {problemNoTrust + "'s subject", adviceFederation},
	90002: {
		"the tenant does not exist in this cloud",
		"check --azure-tenant-id, and --azure-cloud if the tenant is in a national cloud",
	},
	900021: {"the tenant id is not well formed", adviceTenantFormat},
	900023: {"the tenant id is neither a GUID nor a domain name that Microsoft Entra knows", adviceTenantFormat},
	65001: {
		"nobody has consented to the permissions that the application asks for",
		"have an administrator grant admin consent on its API permissions page",
	},
	500011: {
		"the tenant does not know Microsoft Graph under the configured address",
		"check --azure-cloud and --graph-endpoint",
	},
	53003: {
		"a Conditional Access policy blocks the sign-in",
		"have an administrator allow the application, or the network it runs in, in that policy",
	},
	530032: {
		"a security policy of the tenant blocks the sign-in",
		"have an administrator look the correlation ID up in the sign-in logs",
	},
	53000: {"a Conditional Access policy demands a compliant device", adviceOtherMethod},
	53001: {"a Conditional Access policy demands a domain-joined device", adviceOtherMethod},
	50076: {"multifactor authentication is required", adviceOtherMethod},
	50079: {"the person has to set up multifactor authentication first", adviceOtherMethod},
	50158: {"a security challenge outside Microsoft Entra has to be met", adviceOtherMethod},
	50034: {"the account does not exist in this tenant", "check --azure-tenant-id and sign in with an account of that tenant"},
	50126: {"the user name or password is wrong", "sign in again"},
}

// secretIsAnID replaces the explanation of 7000215 where the configured secret
// has the form of an ID.
var secretIsAnID = explanation{
	"the client secret is wrong and looks like a secret's ID",
	"paste the secret's Value, which the app registration shows once, when the secret is created; create a new secret if it is gone",
}

var (
	signInDeclined = explanation{"the sign-in was declined", "run again and accept it"}
	codeNotEntered = explanation{"nobody entered the device code in time", "run again and enter the new code"}
)

// oauthErrors explains the standard error names, where no code says more
// (RFC 6749 section 5.2, RFC 8628 section 3.5).
var oauthErrors = map[string]explanation{
	"access_denied":          signInDeclined,
	"authorization_declined": signInDeclined,
	"authorization_pending":  codeNotEntered,
	"expired_token":          codeNotEntered,
	"slow_down":              codeNotEntered,
	"invalid_client":         {"the application's secret, certificate or id was not accepted", "check the credentials of the app registration"},
	"invalid_scope":          {"Microsoft Graph's address was not accepted", "check --azure-cloud and --graph-endpoint"},
	"invalid_tenant":         {"the tenant was not accepted", adviceTenantFormat},
	"unauthorized_client":    {"the application may not sign in this way", "check --azure-client-id, --azure-tenant-id and --auth-method"},
}
