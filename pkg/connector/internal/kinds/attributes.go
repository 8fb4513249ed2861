package kinds

import (
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// fieldAttributes is where a profile has custom security attributes: all of them under one
// name, since an organization may call its own by that of any other property.
const fieldAttributes = "customSecurityAttributes"

// DescribeAttributes puts custom security attributes into a profile.
func DescribeAttributes(attributes graph.SecurityAttributes, profile map[string]any) {
	if len(attributes) == 0 {
		return
	}
	sets := make(map[string]any, len(attributes))
	for set, values := range attributes {
		sets[set] = values
	}
	profile[fieldAttributes] = sets
}
