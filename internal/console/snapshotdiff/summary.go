package snapshotdiff

import "github.com/conductorone/baton-azure-ad/internal/answers/access"

// Counts are how many changes of each kind there are.
type Counts struct {
	Added    int `json:"added"`
	Removed  int `json:"removed"`
	Renamed  int `json:"renamed"`
	Enabled  int `json:"enabled"`
	Disabled int `json:"disabled"`
	// Changed counts the objects of the three kinds above and those that changed
	// otherwise, each once.
	Changed int `json:"changed"`
}

func (c *Counts) total() int { return c.Added + c.Removed + c.Changed }

func (c *Counts) count(change string, fields []FieldChange) {
	switch change {
	case kindAdded:
		c.Added++
		return
	case kindRemoved:
		c.Removed++
		return
	}
	c.Changed++
	for _, f := range fields {
		switch {
		case f.Field == fieldName:
			c.Renamed++
		case f.Field == fieldStatus && f.New == statusEnabled:
			c.Enabled++
		case f.Field == fieldStatus && f.New == statusDisabled:
			c.Disabled++
		}
	}
}

// AccessCounts are how often access was gained and lost.
type AccessCounts struct {
	Gained int `json:"gained"`
	Lost   int `json:"lost"`
}

// AccessSummary counts changes of access. Effective access is access by any way;
// direct access that somebody gained who had it through a group counts as direct
// only.
type AccessSummary struct {
	Effective  AccessCounts `json:"effective"`
	Direct     AccessCounts `json:"direct"`
	Privileged AccessCounts `json:"privileged"`
	// Activated is how many assignments are now activated, and how many were before they
	// were lost.
	Activated AccessCounts `json:"activated"`
	// Reassigned is how many assignments stay and are of another kind, or end at another
	// time.
	Reassigned int `json:"reassigned"`
}

// count counts a change of access.
func (s *Summary) count(c *AccessChange) {
	if c.Privileged {
		s.Privileged++
	}
	s.Access.count(c)
}

func (s *AccessSummary) count(c *AccessChange) {
	if c.Assignment != nil && c.Assignment.Kind == access.KindActivated {
		switch c.New {
		case StateNone:
			s.Activated.Lost++
		default:
			s.Activated.Gained++
		}
	}
	if c.Change == accessReassigned {
		s.Reassigned++
		return
	}
	switch {
	case c.Old == StateNone:
		s.Effective.Gained++
		if c.Privileged {
			s.Privileged.Gained++
		}
	case c.New == StateNone:
		s.Effective.Lost++
		if c.Privileged {
			s.Privileged.Lost++
		}
	}
	switch {
	case c.New == StateDirect:
		s.Direct.Gained++
	case c.Old == StateDirect:
		s.Direct.Lost++
	}
}

// Summary is how much changed.
type Summary struct {
	Different    bool               `json:"different"`
	Resources    map[string]*Counts `json:"resources"`
	Entitlements Counts             `json:"entitlements"`
	Access       AccessSummary      `json:"access"`
	// Consents are those to what gives much.
	Consents AccessCounts `json:"privileged_consents"`
	// Privileged is how many changes are privileged, of access and of consents, gained,
	// lost or otherwise.
	Privileged int `json:"privileged_changes"`
}
