package truth

import (
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/schema"
)

// truthAttributes are the custom security attributes of an object, without what Graph says of their types, and without
// those that have no value; nil for none.
func truthAttributes(t *directory.Tenant, r directory.Ref) map[string]map[string]any {
	p, _ := t.Model.Of(r.Kind()).Property(schema.SecurityAttributes)
	sets, _ := p.Value(t, r.Index()).(map[string]any)
	out := map[string]map[string]any{}
	for set, of := range sets {
		named, _ := of.(map[string]any)
		for name, value := range named {
			switch v := value.(type) {
			case string, int, bool:
			case []string:
				if len(v) == 0 {
					continue
				}
			case []int:
			default:
				continue
			}
			if strings.HasSuffix(name, "@odata.type") || name == "@odata.type" {
				continue
			}
			if out[set] == nil {
				out[set] = map[string]any{}
			}
			out[set][name] = value
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}
