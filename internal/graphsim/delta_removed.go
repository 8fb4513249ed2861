package graphsim

import "slices"

// removedStep is how many groups there are to one whose first answer has an end that was removed, and to one that
// repeats an end.
const removedStep = 3

// disturbed is a range of ends with its first one again at its end, now and then.
func (c *call) disturbed(ends []Ref, from int) []Ref {
	if len(ends) == 0 || from%removedStep != 0 || !c.unkind(QuirkDeltaRemoved) {
		return ends
	}
	return append(slices.Clip(ends), ends[0])
}

// removedEnd is somebody who left a group before a delta query of it began, whom its first answer has all the same; zero
// for nobody.
func (c *call) removedEnd(ends []Ref, group int) Ref {
	if len(ends) == 0 || group%removedStep != 1 || !c.unkind(QuirkDeltaRemoved) {
		return 0
	}
	r := c.tenant.users(group*31+7, 1)[0]
	if c.tenant.isMember(group, r) || c.tenant.isOwner(groupRef(group), r) {
		return 0
	}
	return r
}
