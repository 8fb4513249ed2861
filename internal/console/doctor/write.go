package doctor

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/conductorone/baton-azure-ad/internal/console/terminal"
)

// headings are the groups for a person.
var headings = map[string]string{
	groupNetwork: "Network",
	groupSignIn:  "Sign-in",
	groupTenant:  "Tenant",
	groupData:    "Data sets",
	groupChanges: "Provisioning",
}

// marks are as wide as the widest.
var marks = map[Status]string{
	StatusOK:       "ok     ",
	StatusWarning:  "warning",
	StatusFailed:   "FAILED ",
	StatusSkipped:  "skipped",
	StatusNotAsked: "-      ",
}

// WriteJSON writes a report for a program.
func (r *Report) WriteJSON(to io.Writer) error { return writeJSON(to, r) }

// writeJSON writes either report so that nothing in it commands a terminal.
func writeJSON(to io.Writer, report any) error {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(report)
	if err == nil {
		_, err = to.Write(terminal.HarmlessJSON(b.Bytes()))
	}
	if err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// WriteText writes a report for a person. Names of tenants and certificates are
// what somebody else made them: none of them breaks out of its line.
func (r *Report) WriteText(to io.Writer) error {
	var b strings.Builder
	head := fmt.Sprintf("baton-azure-ad %s, %s, %s", r.Connector, r.Configured.AuthMethod, r.Configured.GraphEndpoint)
	b.WriteString(terminal.Harmless(head) + "\n")
	group := ""
	for i := range r.Checks {
		c := &r.Checks[i]
		if c.Group != group {
			group = c.Group
			fmt.Fprintf(&b, "\n%s\n", headings[group])
		}
		line := c.Name
		if c.Detail != "" {
			line += ": " + c.Detail
		}
		if c.Status == StatusNotAsked {
			line = c.Name + ": not asked for"
		}
		fmt.Fprintf(&b, "  %s  %s\n", marks[c.Status], terminal.Harmless(line))
		if c.Fix != "" {
			fmt.Fprintf(&b, "           fix: %s\n", terminal.Harmless(c.Fix))
		}
	}
	fmt.Fprintf(&b, "\n%s\n", r.verdict())
	if _, err := io.WriteString(to, b.String()); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

func (r *Report) verdict() string {
	failed, warned := r.Summary[StatusFailed], r.Summary[StatusWarning]
	switch {
	case failed > 0:
		return fmt.Sprintf("%d failed, %d to look at, %d in order", failed, warned, r.Summary[StatusOK])
	case warned > 0:
		return fmt.Sprintf("A sync will work. %d to look at, %d in order", warned, r.Summary[StatusOK])
	}
	return fmt.Sprintf("All is well: %d in order", r.Summary[StatusOK])
}
