package connector

// Names that profiles and metadata of several types have.
const (
	fieldAppID = "appId"
	fieldKind  = "kind"
	fieldScope = "scope"
	fieldStart = "startDateTime"
	fieldEnd   = "endDateTime"
)

// setNonEmpty copies the values that are there into a profile.
func setNonEmpty(profile map[string]any, values map[string]string) {
	for key, value := range values {
		if value != "" {
			profile[key] = value
		}
	}
}

// displayName is the first name that is there: Graph objects without a display
// name exist, and a resource must have one.
func displayName(names ...string) string {
	for _, name := range names {
		if name != "" {
			return name
		}
	}
	return ""
}
