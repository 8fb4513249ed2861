package graphsim

import "net/http"

// getOfUser answers a row that tells of a user and has the user's id: of the report on authentication methods, or of
// Identity Protection. These services have another code than the directory for what they do not have.
func getOfUser(set string) func(c *call) (reply, error) {
	return func(c *call) (reply, error) {
		if c.route.kind == KindRegistrationDetails {
			if err := c.requireReportsPlan(planP1); err != nil {
				return reply{}, err
			}
			if err := c.checkFlicker(); err != nil {
				return reply{}, err
			}
		} else if !c.tenant.hasPlan(planP2) {
			return reply{}, &graphError{status: http.StatusForbidden, code: codePremiumRequired, message: "Your tenant is not licensed for this feature."}
		}
		if u, ok := c.tenant.find(KindUser, c.id); ok {
			if r := makeRef(c.route.kind, u.index()); c.tenant.live(r) {
				return c.entity(set, r, false, optionSet(optSelect))
			}
		}
		return reply{}, &graphError{status: http.StatusNotFound, code: "UserNotFound", message: "User not found."}
	}
}

// getDeletedItem answers a user that can still be restored, with its type: the path is one of directory objects.
func (c *call) getDeletedItem() (reply, error) {
	for n := range deletedUsers {
		if r := c.tenant.deletedUser(n); c.tenant.id(r) == c.id {
			return c.entity("directoryObjects", r, true, optionSet(optSelect))
		}
	}
	return reply{}, notFound(c.id)
}

// getDirectoryObject answers an object of whatever kind, with its type (directoryobject-get).
func (c *call) getDirectoryObject() (reply, error) {
	g, isGUID := parseGUID(c.id)
	if !isGUID {
		return reply{}, badRequest("Invalid object identifier '%s'.", c.id)
	}
	r, _ := c.tenant.refOf(g)
	if _, isObject := kindEndpoints[r.Kind()]; !isObject {
		return reply{}, notFound(c.id)
	}
	if _, found := c.tenant.find(r.Kind(), c.id); !found {
		return reply{}, notFound(c.id)
	}
	return c.entity(directoryObjects, r, true, optionSet(optSelect))
}
