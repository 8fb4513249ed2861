package schema

import (
	"fmt"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// SecurityAttributes is the property that takes a permission of its own (custom-security-attributes-overview).
const SecurityAttributes = "customSecurityAttributes"

const attributeValueType = "#" + directory.Namespace + "customSecurityAttributeValue"

func userAttributes(t *directory.Tenant, i int) any { return attributes(t, directory.UserRef(i)) }

func spAttributes(t *directory.Tenant, i int) any { return attributes(t, directory.SPRef(i)) }

// attributes are what the organization has written on one in three objects, in two sets that it has made, as Graph
// gives them: with annotations of types. They are called as properties of others are.
func attributes(t *directory.Tenant, r directory.Ref) any {
	h := t.Hash(r, directory.SaltRole)
	if h%3 != 0 {
		return nil
	}
	first := map[string]any{"@odata.type": attributeValueType, "Certification": h>>8%2 == 0, "mail": fmt.Sprintf("secret-%d", h>>16%1000)}
	second := map[string]any{"@odata.type": attributeValueType}
	switch h >> 4 % 4 {
	case 0:
		first["Project@odata.type"], first["Project"] = "#Collection(String)", []string{"Baker", "Cascade"}
	case 1:
		second["Level@odata.type"], second["Level"] = "#Int32", int(h>>24%9)
		second["CostCenter@odata.type"], second["CostCenter"] = "#Collection(Int32)", []int{1001, 2_000_000_000}
	case 2:
		second["Country"] = "Åland 東京"
	}
	out := map[string]any{"Engineering": first, "Marketing2026": second}
	if t.Quirks.Has(directory.QuirkOddProfiles) && h>>12%4 == 0 {
		first["Empty"], first["Nothing"], first["Tomorrow"] = []string{}, nil, map[string]any{"value": 1}
		out["Retired"], out["Strange"] = nil, "text"
	}
	return out
}
