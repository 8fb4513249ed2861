package verify

import (
	"context"
	"strconv"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// named is an object with its name, or without where the snapshot cannot be read any
// more: it was a moment ago.
func (c *comparison) named(ctx context.Context, ref access.Ref) Named {
	object, err := c.Snapshot.Object(ctx, ref)
	if err != nil || object.Missing {
		return Named{Ref: ref, Name: access.TypeName(ref.Type, false) + " " + ref.ID}
	}
	return Named{Ref: ref, Name: object.Called()}
}

// tellOf tells a doubt's differences.
func (c *comparison) tellOf(ctx context.Context, d *doubt, v Verdict) {
	subject := c.named(ctx, d.view.subject.Ref)
	if d.gone {
		c.report.tell(Difference{Question: d.question.name, Subject: subject, Verdict: v, What: "it is in the snapshot, and not in the tenant"})
	}
	for _, side := range []struct {
		facts facts
		says  string
	}{{d.missing, "in the tenant, and not in the snapshot"}, {d.extra, "in the snapshot, and not in the tenant"}} {
		for f := range side.facts {
			on, _ := access.SplitEntitlement(f.entitlement)
			what := c.nameOf(ctx, f.entitlement, on) + " " + side.says
			if f.principal != subject.ID {
				what = c.principal(ctx, f.principal).Name + " holds " + what
			}
			c.report.tell(Difference{Question: d.question.name, Subject: subject, Verdict: v, What: what})
		}
	}
}

// nameOf names what is held.
func (c *comparison) nameOf(ctx context.Context, entitlement string, on access.Ref) string {
	e, err := c.Snapshot.Entitlement(ctx, entitlement)
	if err != nil || e == nil {
		return c.named(ctx, on).Name
	}
	return e.Name + " of " + c.named(ctx, on).Name
}

// principal names an object of which only the id is known.
func (c *comparison) principal(ctx context.Context, id string) Named {
	for _, t := range objectTypes {
		if o, err := c.Snapshot.Object(ctx, access.Ref{Type: t, ID: id}); err == nil && !o.Missing {
			return Named{Ref: o.Ref, Name: o.Called()}
		}
	}
	return Named{Ref: access.Ref{ID: id}, Name: "object " + id}
}

// numberOf tells of a number that differs.
func (c *comparison) numberOf(ctx context.Context, t *tally, v Verdict) Difference {
	d := Difference{Question: t.line(), Verdict: v, What: t.collection + ": " + strconv.FormatInt(t.snapshot, 10) + " in the snapshot, " + strconv.FormatInt(t.tenant, 10) + " in the tenant"}
	if t.of.ID != "" {
		d.Subject = c.named(ctx, t.of)
	}
	return d
}
