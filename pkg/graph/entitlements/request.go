// Package entitlements asks entitlement management to give access packages and to take
// them away, and tells what Microsoft says has become of a request.
//
// It is above the nouns, as pim is: it is given ids, and their client. How long to wait,
// what counts as done already and what to tell whoever asked is for the caller to say.
package entitlements

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	abstractions "github.com/microsoft/kiota-abstractions-go"

	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// Holding is an access package that somebody has, or is to have, by a policy of it.
type Holding struct{ PackageID, PolicyID, TargetID string }

// Request says why, and until when if not for as long as the policy says.
type Request struct {
	Justification string
	// End is nil for as long as the policy says.
	End *time.Time
}

const (
	pathRequests    = "/identityGovernance/entitlementManagement/assignmentRequests"
	pathAssignments = "/identityGovernance/entitlementManagement/assignments"
)

// Fate is what Microsoft says has become of a request
// (https://learn.microsoft.com/graph/api/resources/accesspackageassignmentrequest).
type Fate struct {
	ID     string `json:"id"`
	State  string `json:"state"`
	Status string `json:"status"`
	// RequestState is what the page of the request calls the state in its examples.
	RequestState string `json:"requestState"`
}

func (f *Fate) state() string {
	if f.State == "" {
		return f.RequestState
	}
	return f.State
}

// Done reports whether the request was carried out.
func (f *Fate) Done() bool { return strings.EqualFold(f.state(), "delivered") }

// Open reports whether Microsoft is still to carry it out, and can be asked about it.
func (f *Fate) Open() bool {
	return f.ID != "" && slices.ContainsFunc([]string{"submitted", "accepted", "scheduled", "delivering", ""}, func(s string) bool { return strings.EqualFold(s, f.state()) })
}

// Err is the error of a request that was not carried out, or not yet.
func (f *Fate) Err() error {
	said := f.state()
	if f.Status != "" && !strings.EqualFold(f.Status, said) {
		said += " (" + failure.Excerpt(f.Status, 100) + ")"
	}
	return &failure.NotCarriedOutError{Operation: "POST " + pathRequests, ID: f.ID, Status: said, Where: "entitlement management"}
}

// Assign asks for an access package for somebody, past those who would have to agree.
// Permission: EntitlementManagement.ReadWrite.All
// (https://learn.microsoft.com/graph/api/entitlementmanagement-post-assignmentrequests).
func Assign(ctx context.Context, c *graph.Client, h Holding, r Request) (Fate, error) {
	body := sending.Object{
		"requestType": "adminAdd", "justification": r.Justification,
		"assignment": map[string]any{"targetId": h.TargetID, "assignmentPolicyId": h.PolicyID, "accessPackageId": h.PackageID},
	}
	if r.End != nil {
		body["schedule"] = map[string]any{
			"startDateTime": time.Now().UTC().Format(time.RFC3339),
			"expiration":    map[string]any{"type": "afterDateTime", "endDateTime": r.End.UTC().Format(time.RFC3339)},
		}
	}
	return send(ctx, c, body)
}

// Remove asks for the end of an assignment. Permission:
// EntitlementManagement.ReadWrite.All.
func Remove(ctx context.Context, c *graph.Client, assignmentID, justification string) (Fate, error) {
	return send(ctx, c, sending.Object{"requestType": "adminRemove", "justification": justification, "assignment": map[string]any{"id": assignmentID}})
}

// send sends a request. Its address is written out: the package of Microsoft's builders
// for it takes 19 seconds to compile.
func send(ctx context.Context, c *graph.Client, body sending.Object) (Fate, error) {
	at := abstractions.BaseRequestBuilder{UrlTemplate: "{+baseurl}" + pathRequests, PathParameters: map[string]string{}}
	request, err := sending.Change(ctx, c.Sender, abstractions.POST, at, body)
	fate, err := sending.Receive[Fate](ctx, c.Sender, request, err)
	if err != nil {
		return Fate{}, err
	}
	return *fate, nil
}

// LookAgain looks again at what has become of a request. Permission:
// EntitlementManagement.Read.All
// (https://learn.microsoft.com/graph/api/accesspackageassignmentrequest-get).
func LookAgain(ctx context.Context, c *graph.Client, of Fate) (Fate, error) {
	now, err := sending.GetObject[Fate](ctx, c.Sender, pathRequests+"/"+url.PathEscape(of.ID))
	if err != nil {
		return of, err
	}
	return *now, nil
}

// Assignments are those of a package to somebody by a policy, also those that have ended
// or come to nothing. Permission: EntitlementManagement.Read.All
// (https://learn.microsoft.com/graph/api/entitlementmanagement-list-assignments).
func Assignments(ctx context.Context, c *graph.Client, h Holding) ([]graph.AccessPackageAssignment, error) {
	return sending.AllWhere(ctx, c.Sender, func(a *graph.AccessPackageAssignment) bool {
		return strings.EqualFold(a.AssignmentPolicy.Of(), h.PolicyID)
	}, sending.Query{
		Path:   pathAssignments,
		Filter: sending.AnyOf("accessPackage/id", h.PackageID) + " and " + sending.AnyOf("target/objectId", h.TargetID),
		Expand: "accessPackage,target,assignmentPolicy",
	})
}
