package graphsim

// transitiveMembers is every member through any depth of nesting, each once, the groups between included and the group
// itself not. Service principals are left out as they are of members; a hidden group shows, but nothing in it.
func (c *call) transitiveMembers(r Ref) []Ref {
	seen := map[Ref]struct{}{r: {}}
	var out []Ref
	for queue := []Ref{r}; len(queue) > 0; queue = queue[1:] {
		for _, m := range c.listedMembers(queue[0]) {
			if _, again := seen[m]; again || !c.tenant.live(m) {
				continue
			}
			seen[m] = struct{}{}
			out = append(out, m)
			if m.Kind() == KindGroup {
				queue = append(queue, m)
			}
		}
	}
	return out
}
