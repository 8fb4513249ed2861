package ask

import (
	"context"
	"fmt"

	"github.com/conductorone/baton-azure-ad/internal/answers/access"
)

var whatHas = &Question{
	Name: "what-has", Usage: "PRINCIPAL", Short: "What somebody holds: a person by sign-in name, an application, a group",
	Least: 1, Most: 1, ask: askWhatHas,
	needs: []need{
		{data: access.DataRoleEligibility, lacking: "roles that can be activated do not show", gap: true},
		{data: access.DataGroupEligibility, lacking: "groups that can be joined by activation do not show", gap: true},
		{data: access.DataConsents, lacking: "delegated permissions do not show", gap: true},
		{data: access.DataLicences, lacking: "licences do not show", gap: true},
		{data: access.DataUnits, lacking: "administrative units do not show", gap: true},
		{data: access.DataHiddenMembers, lacking: "memberships in groups with hidden membership do not show", gap: true},
		{data: access.DataCatalogs, lacking: "roles in catalogues of access packages do not show", gap: true},
		{data: access.DataPackages, lacking: "access packages do not show, nor what is held by them", gap: true},
	},
}

// heldOrder is the order in which what somebody holds is told: what gives most first.
var heldOrder = []string{
	access.TypeRole, access.TypeScopedRole, access.TypeApplication, access.TypeRegistration, access.TypeManagedIdentity, access.TypeAgentIdentity,
	access.TypePackageCatalog, access.TypePackage, access.TypeConsent, access.TypeGroup, access.TypeChannel, access.TypeUnit, access.TypeLicense, access.TypeDevice,
}

func askWhatHas(ctx context.Context, q *query) error {
	who, err := q.one(ctx, "person, group, application or device", q.args[0], principalTypes...)
	if err != nil {
		return err
	}
	q.columns(columns([]Column{whatColumn, {Key: "on", Title: "On"}, {Key: "is", Title: "Is"}}, wayColumns,
		[]Column{entitlementDetail, {Key: "resource_type", Detail: true}, {Key: "resource_id", Detail: true}, {Key: "order", Detail: true}})...)
	for h, err := range q.s.HeldBy(ctx, who.Ref) {
		if err != nil {
			return err
		}
		if err := q.held(ctx, h); err != nil {
			return err
		}
	}
	q.sort(len(q.Columns)-1, 1, 0)
	q.Columns = q.Columns[:len(q.Columns)-1]
	for i := range q.Rows {
		q.Rows[i] = q.Rows[i][:len(q.Columns)]
	}
	q.Headline = fmt.Sprintf("%s (%s) holds %s.", who.Called(), isWhat(who), count(len(q.Rows), "thing", "things"))
	if len(q.Rows) == 0 {
		q.Headline = fmt.Sprintf("%s (%s) holds nothing.", who.Called(), isWhat(who))
	}
	return nil
}

// held adds the rows of one thing that somebody holds.
func (q *query) held(ctx context.Context, h *access.Holding) error {
	on, err := q.s.Object(ctx, h.On)
	if err != nil {
		return err
	}
	name, err := q.entitlementName(ctx, h.Entitlement)
	if err != nil {
		return err
	}
	list, err := q.s.WaysTo(h.Entitlement).Of(ctx, h)
	if err != nil {
		return err
	}
	order := fmt.Sprintf("%02d", placeOf(h.On.Type))
	for i := range list {
		way, err := q.wayCells(ctx, &list[i], "directly")
		if err != nil {
			return err
		}
		q.row(cells([]string{name, on.Called(), access.TypeName(on.Type, false)}, way, []string{h.Entitlement, on.Type, on.ID, order})...)
	}
	return nil
}

func placeOf(resourceType string) int {
	for i, t := range heldOrder {
		if t == resourceType {
			return i
		}
	}
	return len(heldOrder)
}

// entitlementName is what an entitlement is called.
func (q *query) entitlementName(ctx context.Context, id string) (string, error) {
	e, err := q.s.Entitlement(ctx, id)
	if err != nil {
		return "", err
	}
	if e == nil {
		_, slug := access.SplitEntitlement(id)
		return slug, nil
	}
	return e.Name, nil
}
