// Package users reads people, their managers and their risk.
package users

import (
	"context"
	"maps"
	"slices"
	"strings"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	rs "github.com/conductorone/baton-sdk/pkg/types/resource"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/decide"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/kinds"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/walk"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
)

// Syncer reads the tenant's users. Users give no access, so they have no
// entitlements of their own.
type Syncer struct {
	kinds.Kit

	ahead   *walk.PagesAhead
	earlier *earlierMemory
}

// New reads users.
func New(k kinds.Kit) *Syncer {
	return &Syncer{Kit: k, ahead: &walk.PagesAhead{}, earlier: &earlierMemory{file: k.Earlier}}
}

// ResourceType is the user type.
func (s *Syncer) ResourceType(context.Context) *v2.ResourceType { return kinds.UserResourceType }

// List reads one page of users, or of one of the walks before and after them
// (walks.go).
func (s *Syncer) List(ctx context.Context, _ *v2.ResourceId, opts rs.SyncOpAttrs) ([]*v2.Resource, *rs.SyncOpResults, error) {
	c, err := walk.DecodeCursor(opts.PageToken.Token)
	if err != nil {
		return nil, nil, err
	}
	ix := walk.Index{Store: opts.Session}
	made, err := s.Decider.Of(ctx, ix)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	course := decide.CourseOf(ctx)
	phases := s.walks(made, course.Carried())
	if c.Phase == "" {
		c.Phase = phases[0]
	}
	followPhase := after(phases, c.Phase)
	var found []*v2.Resource
	var next *walk.Cursor
	switch c.Phase {
	case phaseEarlier:
		err = s.takeEarlier(ctx, ix, opts.SyncID)
		next = follow(c, after(s.walks(made, course.Carried()), phaseEarlier))
	case phasesSince[0], phasesSince[1], phasesSince[2]:
		followAll := after(phases, phasesSince[len(phasesSince)-1])
		next, err = s.listSince(ctx, ix, c, slices.Index(phasesSince[:], c.Phase), followPhase, followAll)
		next, err = decide.OrWithout(ctx, model.DataSignIns, next, err, followAll)
	case phaseSignIns:
		next, err = s.listSignIns(ctx, ix, c, followPhase)
		next, err = decide.OrWithout(ctx, model.DataSignIns, next, err, followPhase)
	case phaseMFARegistrations:
		next, err = s.listRegistrations(ctx, ix, c, followPhase)
		next, err = decide.OrWithout(ctx, model.DataRegistrations, next, err, followPhase)
	case phaseMailboxes:
		next, err = s.listMailboxes(ctx, ix, c, followPhase)
		next, err = decide.OrWithout(ctx, model.DataMailboxes, next, err, followPhase)
	case phaseSponsors:
		next, err = s.listSponsors(ctx, ix, c, followPhase)
		next, err = decide.OrWithout(ctx, model.DataGuestSponsors, next, err, followPhase)
	case phaseAttributes:
		next, err = s.listAttributes(ctx, ix, c, followPhase)
		next, err = decide.OrWithout(ctx, model.DataUserAttributes, next, err, followPhase)
	case phaseManagers:
		found, next, err = s.listManaged(ctx, ix, c, made, followPhase)
	case phaseDeletedUsers:
		found, next, err = s.listDeleted(ctx, c)
	default:
		found, next, err = s.listUsers(ctx, ix, opts.SyncID, c, made, followPhase)
	}
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	res, err := (&walk.Listed[graph.User]{Next: next}).Results()
	return found, res, err
}

// listDeleted reads one page of the recycle bin.
func (s *Syncer) listDeleted(ctx context.Context, c walk.Cursor) ([]*v2.Resource, *walk.Cursor, error) {
	page, err := walk.ReadPage(ctx, c, s.Client.ListDeletedUsers)
	if err != nil {
		return nil, nil, decide.LeftOutAt(ctx, c, model.DataDeletedUsers, err)
	}
	resources := make([]*v2.Resource, 0, len(page.Rows))
	for i := range page.Rows {
		page.Rows[i].UserDetails = graph.UserDetails{} // A plainer form gives some.
		resource, err := s.Resource(&page.Rows[i], &People{deleted: true})
		if err != nil {
			return nil, nil, err
		}
		resources = append(resources, resource)
	}
	return resources, page.Next, nil
}

func (s *Syncer) Resource(u *graph.User, known *People) (*v2.Resource, error) {
	id := model.ObjectID(u.ID)
	status, details := userStatus(u)
	if known.deleted && status != v2.Status_RESOURCE_STATUS_DELETED { // A plainer form of the listing does not say since when.
		status, details = v2.Status_RESOURCE_STATUS_DELETED, "in the recycle bin"
	}
	trait := []rs.UserTraitOption{
		rs.WithUserLogin(u.UserPrincipalName, loginAliases(u)...),
		rs.WithAccountType(accountType(u, known.mailboxes[id])),
		// The status has moved from the trait to the resource, and the SDK fills
		// an absent one here with "enabled", for disabled users too.
		rs.WithDetailedStatus(v2.UserTrait_Status_Status(status), details), //nolint:staticcheck // See above.
	}
	for i, address := range emails(u) {
		trait = append(trait, rs.WithEmail(address, i == 0))
	}
	if u.EmployeeID != "" {
		trait = append(trait, rs.WithEmployeeID(u.EmployeeID))
	}
	if u.GivenName != "" || u.Surname != "" {
		trait = append(trait, rs.WithStructuredName(v2.UserTrait_StructuredName_builder{
			GivenName: u.GivenName, FamilyName: u.Surname,
		}.Build()))
	}
	profile := userProfile(u)
	maps.Copy(profile, userDetails(u, s.Filter.ContactDetails))
	trait = known.describe(id, trait, profile)
	options := []rs.ResourceOption{
		rs.WithResourceProfile(profile),
		rs.WithResourceStatus(status, details),
		s.Portal.Link(model.UserBlade, id),
	}
	if created := u.CreatedDateTime.Time; created != nil {
		options = append(options, rs.WithResourceCreatedAt(*created))
	}
	return rs.NewUserResource(kinds.PersonName(u), kinds.UserResourceType, id, trait, options...)
}

// accountType tells people, guests among them, from accounts of software and
// from mailboxes that are nobody's own.
func accountType(u *graph.User, mailboxPurpose string) v2.UserTrait_AccountType {
	if u.ODataType == graph.TypeAgentUser {
		return v2.UserTrait_ACCOUNT_TYPE_SERVICE
	}
	switch mailboxPurpose {
	case "shared", "room", "equipment":
		return v2.UserTrait_ACCOUNT_TYPE_SERVICE
	}
	return v2.UserTrait_ACCOUNT_TYPE_HUMAN
}

// userStatus is unspecified where Graph does not tell: a guess either way would
// be wrong for somebody.
func userStatus(u *graph.User) (v2.Status_ResourceStatus, string) {
	switch {
	case u.DeletedDateTime.Time != nil:
		return v2.Status_RESOURCE_STATUS_DELETED, "in the recycle bin since " + model.Timestamp(u.DeletedDateTime.Time)
	case u.AccountEnabled == nil:
		return v2.Status_RESOURCE_STATUS_UNSPECIFIED, "Microsoft Graph does not tell whether the account is enabled"
	case *u.AccountEnabled:
		return v2.Status_RESOURCE_STATUS_ENABLED, ""
	default:
		return v2.Status_RESOURCE_STATUS_DISABLED, "sign-in is blocked"
	}
}

// emails are the user's addresses, the primary one first, each once. Having
// none is normal.
func emails(u *graph.User) []string {
	var found []string
	seen := map[string]bool{}
	add := func(address string) {
		key := strings.ToLower(address)
		if address != "" && !seen[key] {
			seen[key] = true
			found = append(found, address)
		}
	}
	add(u.Mail)
	for _, proxy := range u.ProxyAddresses {
		// "SMTP:" marks the primary address, "smtp:" the others; X500, SIP and
		// the like are no mail addresses.
		if scheme, address, ok := strings.Cut(proxy, ":"); ok && strings.EqualFold(scheme, "smtp") {
			add(address)
		}
	}
	for _, other := range u.OtherMails {
		add(other)
	}
	for i := range u.Identities {
		if u.Identities[i].IsAddress() {
			add(u.Identities[i].LocalName())
		}
	}
	return found
}

// loginAliases are the other names by which the user may be known at sign-in.
func loginAliases(u *graph.User) []string {
	var aliases []string
	for _, name := range slices.Concat(emails(u), kinds.LocalNames(u)) {
		same := func(known string) bool { return strings.EqualFold(known, name) }
		if !same(u.UserPrincipalName) && !slices.ContainsFunc(aliases, same) {
			aliases = append(aliases, name)
		}
	}
	return aliases
}
