package permissions

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/conductorone/baton-azure-ad/pkg/connector"
)

// writeTable gives a permission a line for each of its uses, and its name in
// the first.
func writeTable(to io.Writer, list []connector.Permission) error {
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "PERMISSION\tNEED\tLICENCE\tFOR")
	remarks := &remarkList{}
	for _, p := range list {
		name := p.Name
		for _, u := range p.Uses {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", name, u.Need, shortLicense(u.License), purpose(u)+remarks.mark(u.Remark))
			name = ""
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("writing the permissions: %w", err)
	}
	_, err := io.WriteString(to, remarks.text()+"\nThese are application permissions of Microsoft Graph. Without a required one there is no sync;\n"+
		"without an optional one a sync leaves out what it is for, and says so. Those for provisioning\n"+
		"are needed only for what is to be changed; --operation narrows them down.\n")
	return err
}

func purpose(u connector.Use) string {
	if u.Setting == "" {
		return u.Purpose
	}
	return u.Purpose + " (" + u.Setting + ")"
}

// shortLicense leaves out what all licences have in common.
func shortLicense(license string) string {
	if license == "" {
		return "-"
	}
	return strings.ReplaceAll(license, "Microsoft ", "")
}

// remarkList numbers remarks, so that each is said once.
type remarkList struct{ said []string }

// mark is what goes behind a text that the remark is about.
func (l *remarkList) mark(remark string) string {
	if remark == "" {
		return ""
	}
	for i, known := range l.said {
		if known == remark {
			return fmt.Sprintf(" (%d)", i+1)
		}
	}
	l.said = append(l.said, remark)
	return fmt.Sprintf(" (%d)", len(l.said))
}

func (l *remarkList) text() string {
	var b strings.Builder
	for i, remark := range l.said {
		fmt.Fprintf(&b, "\n(%d) %s", i+1, remark)
	}
	if len(l.said) > 0 {
		b.WriteString("\n")
	}
	return b.String()
}
