package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

// untold are values of profiles that the page shows in another way, or that are too
// long for what they say.
var untold = map[string]bool{
	"id": true, "userPrincipalName": true, "givenName": true, "surname": true, "displayName": true, "servicePlans": true,
	"licenseErrors": true, "skuId": true, "templateId": true,
}

// facts are what the page tells of an object besides who holds what: labels and
// values in turn. The labels are keys of the profile, which page/words.js spells out.
type facts []string

func factsOf(o *access.Object) facts {
	f := facts{}
	add := func(label, value string) {
		if value != "" {
			f = append(f, label, value)
		}
	}
	add("description", clean(o.Description, longestValue))
	add("status", o.Status)
	if !o.Created.IsZero() {
		add("created", moment(o.Created))
	}
	if !o.LastSignIn.IsZero() {
		add("lastSignIn", moment(o.LastSignIn))
	}
	if o.MFA != nil {
		add("mfa", strconv.FormatBool(*o.MFA))
	}
	for _, key := range slices.Sorted(maps.Keys(o.Profile)) {
		if value := factOf(o.Profile[key]); !untold[key] && value != o.Login {
			add(key, value)
		}
	}
	if o.Type == access.TypePackage {
		for _, policy := range o.Rows("policies") {
			add("policy", policyOf(policy))
		}
		for _, content := range o.Rows("contents") {
			add("gives", given(content))
		}
	}
	return f
}

// given is what an access package gives: "type:id role" where the snapshot has it.
func given(content map[string]any) string {
	text := func(key string) string { s, _ := content[key].(string); return s }
	if on, slug := access.SplitEntitlement(text("entitlement")); slug != "" {
		return on.Type + ":" + on.ID + " " + clean(cmp.Or(text("role"), slug), longestValue)
	}
	return clean(text("role")+" of "+text("resourceId")+" ("+text("system")+")", longestValue)
}

// policyOf is a way to have an access package, in words.
func policyOf(policy map[string]any) string {
	text := func(key string) string { s, _ := policy[key].(string); return s }
	requestable, _ := policy["requestable"].(bool)
	approval, _ := policy["approvalRequired"].(bool)
	said := cmp.Or(text("name"), text("id")) + ": "
	switch stages, _ := policy["stages"].([]any); {
	case !requestable:
		said += "nobody can ask"
	case approval:
		said += fmt.Sprintf("for those who may ask (%s), with %d approvals", text("allowedTargetScope"), max(1, len(stages)))
	default:
		said += fmt.Sprintf("for those who may ask (%s), without an approval", text("allowedTargetScope"))
	}
	return clean(said, longestValue)
}

// factOf is a value of a profile as text; empty for none, and for what is no simple
// value.
func factOf(value any) string {
	switch v := value.(type) {
	case string:
		return clean(v, longestValue)
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		var texts []string
		for _, item := range v {
			if text, ok := item.(string); ok {
				texts = append(texts, text)
			}
		}
		return clean(strings.Join(texts, ", "), longestValue)
	default:
		return ""
	}
}

// moment is a time as the page reads it: RFC 3339 in UTC.
func moment(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// details collects the facts, a block for every perBlock objects, until their quota is
// used up. Facts of people who hold much, and of guests, are kept in a block of their
// own from then on.
type details struct {
	quota  *quota
	blocks []block
	row    []facts
	full   bool
	// late are facts of objects whose block had no room.
	late map[int]facts
}

func newDetails(q *quota) *details { return &details{quota: q, late: map[int]facts{}} }

func (d *details) visit(number int, o *access.Object) error {
	if number < 0 {
		return nil
	}
	if d.full {
		if o.Guest() {
			d.late[number] = factsOf(o)
		}
		return nil
	}
	d.row = append(d.row, factsOf(o))
	if len(d.row) == perBlock {
		return d.flush()
	}
	return nil
}

func (d *details) flush() error {
	if len(d.row) == 0 || d.full {
		return nil
	}
	b, err := packJSON(fmt.Sprintf("d%d", len(d.blocks)), d.row)
	if err != nil {
		return err
	}
	if d.full = !d.quota.take(&b); !d.full {
		d.blocks = append(d.blocks, b)
	}
	d.row = d.row[:0]
	return nil
}

// has reports whether the facts of an object are in a block.
func (d *details) has(number int) bool {
	_, late := d.late[number]
	return late || number < len(d.blocks)*perBlock
}
