package odata

import (
	"bytes"
	"net/http"
	"slices"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/api"
	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim/directory"
)

// breakOff notes that the answer ends here, in the middle of what is written.
func breakOff(c *api.Call, buf []byte, r directory.Ref) {
	if c.BrokenAt == 0 && c.Tenant.Flexible(r) && c.Unkind(directory.QuirkFlexibleCredential) {
		c.BrokenAt = len(buf)
	}
}

// broken is an answer as far as it came, with the error that was met spliced in.
func broken(c *api.Call, out api.Reply) api.Reply {
	if c.BrokenAt == 0 || c.BrokenAt > len(out.Body) {
		return out
	}
	refusal := c.ErrorReply(&api.Error{Status: 500, Code: "InternalServerError", Message: "Object reference not set to an instance of an object."})
	out.Body = append(slices.Clone(out.Body[:c.BrokenAt]), bytes.TrimPrefix(refusal.Body, []byte(api.ByteOrderMark))...)
	out.Broken = true
	return out
}

// checkNested refuses options inside $expand where Privileged Identity Management answers.
func checkNested(c *api.Call) error {
	switch c.Route.Kind {
	case directory.KindRoleAssignmentInstance, directory.KindRoleEligibilityInstance, directory.KindGroupAssignmentInstance, directory.KindGroupEligibilityInstance:
		if c.Unkind(directory.QuirkSelectInExpand) {
			return &api.Error{Status: http.StatusBadRequest, Code: api.CodeInvalidFilter, Message: "The  filter is invalid.", Nested: true}
		}
	default:
	}
	return nil
}

// CheckSegments refuses what this cloud does not have.
func CheckSegments(c *api.Call, segments []string) error {
	for _, missing := range c.Graph.Settings().Missing {
		if slices.ContainsFunc(segments, func(s string) bool { return strings.EqualFold(s, missing) }) {
			c.Matched = true
			return api.BadSyntax(strings.Replace(api.MessageMissingSegment, "%s", missing, 1))
		}
	}
	return nil
}

// expandedRows caps the rows of a page of directory objects that $expand was asked of.
func expandedRows(c *api.Call, q *query, col Collection, size int) int {
	if q.expand == nil || !c.Unkind(directory.QuirkExpandCap) || col.Entity == nil {
		return size
	}
	switch col.Entity.Kind {
	case directory.KindUser, directory.KindGroup, directory.KindServicePrincipal, directory.KindApplication, directory.KindDevice:
		return min(size, c.Graph.Settings().Caps.Rows)
	default:
		return size
	}
}

// endsInRefusal is whether the last page of a list has a link that leads to a refusal: that of risky users does when it
// is full.
func endsInRefusal(c *api.Call, col Collection, rows, size int) bool {
	return rows == size && col.Entity != nil && col.Entity.Kind == directory.KindRiskyUser && c.Unkind(directory.QuirkRiskyUsersEnd)
}

// checkOffset refuses the page that such a link leads to.
func checkOffset(c *api.Call, col Collection, offset int) error {
	if offset > 0 && offset >= col.Size && col.Entity != nil && col.Entity.Kind == directory.KindRiskyUser && c.Unkind(directory.QuirkRiskyUsersEnd) {
		return api.BadSyntax("")
	}
	return nil
}
