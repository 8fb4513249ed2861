package verify

import (
	"context"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"time"

	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

const (
	// margin is how long before the sync began a change can have been made that it did
	// not see yet: parts of the directory lag.
	margin = 10 * time.Minute
	// maxLogPages is how far the audit log is read. The reports service answers 5
	// requests in 10 s.
	maxLogPages = 40
)

// entry is an entry of the directory audit log
// (https://learn.microsoft.com/graph/api/resources/directoryaudit).
type entry struct {
	ID        string   `json:"id"`
	Category  string   `json:"category"`
	Operation string   `json:"operationType"`
	Result    string   `json:"result"`
	Targets   []target `json:"targetResources"`
}

// target is an object that an entry is about.
type target struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	Modified []struct {
		Old string `json:"oldValue"`
		New string `json:"newValue"`
	} `json:"modifiedProperties"`
}

// changes is what the audit log says has happened since the snapshot was read.
type changes struct {
	// unread is why there is nothing in it.
	unread error
	// mentions are the entries by each id that they mention, made the objects that were
	// created, deleted or restored, with their types, and inRoles whom an entry about
	// roles mentions.
	mentions map[string][]map[string]bool
	made     map[string]string
	inRoles  map[string]bool
}

// errLongLog is that too much has happened.
var errLongLog = errors.New("too much has happened since the snapshot was read; verify it sooner")

var guid = regexp.MustCompile(`[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}`)

// isGUID tells the ids of objects from the names of attribute sets.
func isGUID(id string) bool { return id != "" && guid.FindString(id) == id }

func newChanges() *changes {
	return &changes{mentions: map[string][]map[string]bool{}, made: map[string]string{}, inRoles: map[string]bool{}}
}

// readLog reads the log from a moment on. An error of its own is one of Graph's that is
// no refusal.
func readLog(ctx context.Context, from *sending.Sender, since time.Time) (*changes, error) {
	c := newChanges()
	filter := "activityDateTime ge " + since.Add(-margin).UTC().Format("2006-01-02T15:04:05Z")
	next := "/auditLogs/directoryAudits?$filter=" + url.PathEscape(filter) + "&$top=999"
	for pages := 0; next != ""; pages++ {
		if pages == maxLogPages {
			return &changes{unread: errLongLog}, nil
		}
		page, err := sending.GetPage[entry](ctx, from, next)
		switch {
		case failure.IsAccessDenied(err), failure.IsUnlicensed(err):
			return &changes{unread: errors.New("what has changed since could not be told: AuditLog.Read.All is needed")}, nil
		case err != nil:
			return nil, err
		}
		for i := range page.Items {
			c.take(&page.Items[i])
		}
		next = page.Next
	}
	return c, nil
}

// take notes an entry. What was tried in vain has changed nothing.
func (c *changes) take(e *entry) {
	if e.Result == "failure" {
		return
	}
	ids := map[string]bool{}
	for _, target := range e.Targets {
		id := lower(target.ID)
		ids[id] = true
		// These are about edges and properties; anything else makes or unmakes an object.
		if e.Category != categoryRoles && !slices.Contains([]string{"", "Update", "Assign", "Unassign"}, e.Operation) {
			c.made[id] = target.Type
		}
		for _, m := range target.Modified {
			for _, mentioned := range guid.FindAllString(m.Old+" "+m.New, -1) {
				ids[lower(mentioned)] = true
			}
		}
	}
	for id := range ids {
		c.mentions[id] = append(c.mentions[id], ids)
		if e.Category == categoryRoles {
			c.inRoles[id] = true
		}
	}
}

// categoryRoles is the category of what is done to directory roles.
const categoryRoles = "RoleManagement"

// explains tells whether a change can be why the two sides say different things: an
// entry about the principal, or about an object between, together with another object
// between; an object that was made or deleted; for directory roles, an entry about the
// principal.
func (c *changes) explains(f fact, on string, role bool, circle map[string]bool) bool {
	if c.wasMade(on) || c.wasMade(f.principal) || role && c.inRoles[f.principal] {
		return true
	}
	if c.together(f.principal, circle) {
		return true
	}
	for id := range circle {
		if c.wasMade(id) || c.together(id, circle) {
			return true
		}
	}
	return false
}

// wasMade tells whether an object was created, deleted or restored.
func (c *changes) wasMade(id string) bool {
	_, made := c.made[id]
	return made
}

// together tells whether an entry mentions an object and another one of the circle.
func (c *changes) together(id string, circle map[string]bool) bool {
	for _, ids := range c.mentions[id] {
		for other := range ids {
			if other != id && circle[other] {
				return true
			}
		}
	}
	return false
}

// madeOf is how many objects of a type were made or unmade.
func (c *changes) madeOf(logType string) int64 {
	var n int64
	for _, t := range c.made {
		if t == logType {
			n++
		}
	}
	return n
}
