package lifecycle

import "strings"

// WhyNoConversion is why no guest is made a member, though Microsoft Graph lets an
// application do it (https://learn.microsoft.com/entra/external-id/user-properties).
const WhyNoConversion = "the account's home stays elsewhere, and the access policies for guests would stop to apply to it without anybody deciding that; " +
	"give the person an account of this tenant, or change the user type in the Entra admin centre"

// MakesMember reports whether properties that are to be set make a member of whoever
// they are set on.
func MakesMember(properties map[string]any) bool {
	for name, value := range properties {
		text, _ := value.(string)
		if strings.EqualFold(name, "userType") && strings.EqualFold(strings.TrimSpace(text), "Member") {
			return true
		}
	}
	return false
}
