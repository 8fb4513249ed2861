package graphsim

import (
	"net/http"
	"slices"
	"strings"
)

const (
	codeInvalidFilter = "InvalidFilter"

	// defaultExpandRows is how many rows a page has where a directory collection is asked for with $expand.
	defaultExpandRows = 100
	// flickerStep is how many requests for reports there are to one that is refused for want of a plan.
	flickerStep = 4
)

// SetExpandCaps says how many rows a page of a directory collection has at most where it is asked for with $expand, and
// how many objects of a relation $expand gives. They are 100 and 20 until told otherwise.
func (s *Server) SetExpandCaps(rows, related int) {
	s.graph.change(func(set *settings) { set.caps = expandCaps{max(1, rows), max(1, related)} })
}

// SetMissingSegments names path segments that this cloud does not have; whatever case they are in.
func (s *Server) SetMissingSegments(segments ...string) {
	s.graph.change(func(set *settings) { set.missing = slices.Clone(segments) })
}

// SetRiskyUsers makes it exactly so many users that something was detected of, as far as there are so many.
func (s *Server) SetRiskyUsers(n int) {
	_ = s.onBoth(func(t *Tenant) error {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.shape.riskyUsers = max(0, n)
		t.riskSet = true
		return nil
	})
}

// unkind is whether a quirk of the service is on.
func (c *call) unkind(q Quirk) bool { return c.tenant.quirks.has(q) }

// checkNested refuses options inside $expand where Privileged Identity Management answers.
func (c *call) checkNested() error {
	switch c.route.kind {
	case KindRoleAssignmentInstance, KindRoleEligibilityInstance, KindGroupAssignmentInstance, KindGroupEligibilityInstance:
		if c.unkind(QuirkSelectInExpand) {
			return &graphError{status: http.StatusBadRequest, code: codeInvalidFilter, message: "The  filter is invalid.", nested: true}
		}
	default:
	}
	return nil
}

// checkSegments refuses what this cloud does not have.
func (c *call) checkSegments(segments []string) error {
	for _, missing := range c.graph.settings().missing {
		if slices.ContainsFunc(segments, func(s string) bool { return strings.EqualFold(s, missing) }) {
			c.matched = true
			return badSyntax(strings.Replace(messageMissingSegment, "%s", missing, 1))
		}
	}
	return nil
}

// expandedRows caps the rows of a page of directory objects that $expand was asked of.
func (c *call) expandedRows(q *query, col collection, size int) int {
	if q.expand == nil || !c.unkind(QuirkExpandCap) || col.entity == nil {
		return size
	}
	switch col.entity.kind {
	case KindUser, KindGroup, KindServicePrincipal, KindApplication, KindDevice:
		return min(size, c.graph.settings().caps.rows)
	default:
		return size
	}
}

// endsInRefusal is whether the last page of a list has a link that leads to a refusal: that of risky users does when it
// is full.
func (c *call) endsInRefusal(col collection, rows, size int) bool {
	return rows == size && col.entity != nil && col.entity.kind == KindRiskyUser && c.unkind(QuirkRiskyUsersEnd)
}

// checkOffset refuses the page that such a link leads to.
func (c *call) checkOffset(col collection, offset int) error {
	if offset > 0 && offset >= col.size && col.entity != nil && col.entity.kind == KindRiskyUser && c.unkind(QuirkRiskyUsersEnd) {
		return badSyntax("")
	}
	return nil
}

// checkFlicker refuses one request for reports in so many, where the token cannot read the directory.
func (c *call) checkFlicker() error {
	if !c.unkind(QuirkReportsFlicker) || c.holds("Directory.Read.All") || c.flickered {
		return nil
	}
	c.flickered = true
	if c.graph.reports.Add(1)%flickerStep != 0 {
		return nil
	}
	return &graphError{status: http.StatusForbidden, code: codePremiumReports, message: messagePremiumReport}
}
