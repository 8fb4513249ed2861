package graphsim

import "fmt"

const extensionAttributes = 15

// extensionsOf are the extension attributes of a user that have a value, which come from the directory on premises.
func (t *Tenant) extensionsOf(i int) map[string]string {
	if w := t.written.objects[userRef(i)]; w != nil {
		if all, ok := w.values["onPremisesExtensionAttributes"].(map[string]any); ok {
			out := map[string]string{}
			for name, v := range all {
				if s, set := v.(string); set {
					out[name] = s
				}
			}
			return out
		}
	}
	if !userSynced(i) || t.madeUser(i) || i%2 == 0 {
		return nil
	}
	h := t.hash(userRef(i), saltExtension)
	out := map[string]string{"extensionAttribute1": fmt.Sprintf("CC-%04d", below(h, 9000))}
	if h>>16%3 == 0 {
		out["extensionAttribute7"] = pick(departments, h>>24) + " / " + t.userCity(i).shown
	}
	if h>>32%10 == 0 {
		out["extensionAttribute15"] = "contractor"
	}
	return out
}

// userExtensions has every attribute, mostly null.
func userExtensions(t *Tenant, i int) any {
	out := make(map[string]any, extensionAttributes)
	for n := range extensionAttributes {
		out[fmt.Sprintf("extensionAttribute%d", n+1)] = nil
	}
	for name, v := range t.extensionsOf(i) {
		out[name] = v
	}
	return out
}
