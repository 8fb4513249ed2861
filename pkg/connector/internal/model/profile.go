package model

// Names that profiles and metadata of several types have.
const (
	FieldAppID = "appId"
	FieldKind  = "kind"
	FieldScope = "scope"
	FieldStart = "startDateTime"
	FieldEnd   = "endDateTime"
)

// The names under which the SDK's `baton export` looks for whose row it writes: with
// others its columns stay empty.
const (
	ExportUserID    = "user_id"
	ExportFirstName = "first_name"
	ExportLastName  = "last_name"
)

// SetNonEmpty copies the values that are there into a profile.
func SetNonEmpty(profile map[string]any, values map[string]string) {
	for key, value := range values {
		if value != "" {
			profile[key] = value
		}
	}
}

// DisplayName is the first name that is there: Graph objects without a display
// name exist, and a resource must have one.
func DisplayName(names ...string) string {
	for _, name := range names {
		if name != "" {
			return name
		}
	}
	return ""
}
