package snapshotdiff

import (
	"bufio"
	"context"
	"fmt"
	"io"
)

// WriteText writes a report for people: bounded, unless all of it is asked for.
func (d *Diff) WriteText(ctx context.Context, to io.Writer, all bool) error {
	p := &report{diff: d, all: all, to: bufio.NewWriterSize(to, 64<<10)}
	p.head()
	if d.Different() {
		for _, section := range []func(context.Context) error{p.privileged, p.privilegedConsents, p.resources, p.entitlements, p.access} {
			if err := section(ctx); err != nil {
				return err
			}
			if p.err != nil {
				break
			}
		}
	}
	if p.err == nil {
		p.err = p.to.Flush()
	}
	if p.err != nil {
		return fmt.Errorf("writing the comparison: %w", p.err)
	}
	return nil
}

// resources lists the objects that changed, type by type.
func (p *report) resources(ctx context.Context) error {
	section, shown := "", 0
	total := 0
	for row, err := range p.diff.resourceChanges(ctx) {
		if err != nil {
			return err
		}
		change, ok := row.(*ResourceChange)
		if !ok || change.ToldBy != "" || change.Privileged {
			continue
		}
		if change.Type != section {
			p.more("  ", total-shown, "")
			section, shown, total = change.Type, 0, p.diff.shown[change.Type]
			p.linef("\n%s", typeMany(section))
		}
		if limit := p.limit(rowsShown); limit > 0 && shown == limit {
			continue
		}
		shown++
		p.linef("  %s", resourceLine(change))
	}
	p.more("  ", total-shown, "")
	return nil
}

// entitlements lists the app roles and the like that changed.
func (p *report) entitlements(ctx context.Context) error {
	total, shown := p.diff.summary.Entitlements.total(), 0
	if total > 0 {
		p.linef("\nEntitlements")
	}
	for row, err := range p.diff.entitlementChanges(ctx) {
		if err != nil {
			return err
		}
		change, ok := row.(*EntitlementChange)
		if !ok {
			continue
		}
		if limit := p.limit(rowsShown); limit > 0 && shown == limit {
			break
		}
		shown++
		p.linef("  %s %s: %s%s", sign(change.Change), fullName(change.Resource), entitlementName(change.Entitlement), fieldWords(change.Fields))
	}
	p.more("  ", total-shown, "")
	return nil
}
