package reached

// packages leads access packages to what they give, and to them whoever gives them and
// whoever a policy names as somebody who may ask.
func (t *Tenant) packages() {
	for i := range t.truth.AccessPackages {
		p := &t.truth.AccessPackages[i]
		it := "access_package:" + p.ID
		for _, c := range p.Contents {
			switch g := t.groups[c.ID]; {
			case c.Type == role:
				t.leads(it, "role:"+c.ID)
			case c.Type == group && g != nil && !t.frozen(g) && !t.enclosed(g.ID): // As a member or as an owner.
				t.leads(it, "group:"+c.ID)
			}
		}
		for _, y := range p.Policies {
			for _, who := range y.Targets {
				if y.Requestable {
					t.leads(t.node(who.ID), it)
				}
			}
		}
		for _, r := range t.truth.CatalogRoles {
			manages := r.Role == "owner" || r.Role == "access_package_manager" || r.Role == "assignment_manager" && len(p.Policies) > 0
			if manages && p.CatalogID != "" && r.CatalogID == p.CatalogID {
				t.leads(t.node(r.Principal.ID), it)
			}
		}
	}
}

func (t *Tenant) everyPackage(from string) {
	for i := range t.truth.AccessPackages {
		t.leads(from, "access_package:"+t.truth.AccessPackages[i].ID)
	}
}
