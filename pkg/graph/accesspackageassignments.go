package graph

import (
	"context"
	"strconv"
	"strings"

	"github.com/conductorone/baton-azure-ad/pkg/graph/sending"
)

// AccessPackagePolicy says who may ask for an access package, who has to agree, and
// for how long it is given
// (https://learn.microsoft.com/graph/api/resources/accesspackageassignmentpolicy).
type AccessPackagePolicy struct {
	ID          string `json:"id"`
	DisplayName string `json:"displayName"`
	Description string `json:"description"`
	// AllowedTargetScope says for whom it is: "allMemberUsers", say, or
	// "specificDirectoryUsers", who are SpecificAllowedTargets then.
	AllowedTargetScope      string            `json:"allowedTargetScope"`
	SpecificAllowedTargets  []SubjectSet      `json:"specificAllowedTargets"`
	Expiration              ExpirationPattern `json:"expiration"`
	RequestorSettings       RequestorSettings `json:"requestorSettings"`
	RequestApprovalSettings ApprovalSettings  `json:"requestApprovalSettings"`
	// AutomaticRequestSettings give the package to all for whom it is, without a
	// request.
	AutomaticRequestSettings struct {
		RequestAccessForAllowedTargets bool `json:"requestAccessForAllowedTargets"`
	} `json:"automaticRequestSettings"`
	// AccessPackage is the package that the policy is of.
	AccessPackage *EntityRef `json:"accessPackage"`
}

// RequestorSettings say who may ask
// (https://learn.microsoft.com/graph/api/resources/accesspackageassignmentrequestorsettings).
type RequestorSettings struct {
	EnableTargetsToSelfAddAccess        bool         `json:"enableTargetsToSelfAddAccess"`
	EnableOnBehalfRequestorsToAddAccess bool         `json:"enableOnBehalfRequestorsToAddAccess"`
	OnBehalfRequestors                  []SubjectSet `json:"onBehalfRequestors"`
}

// ApprovalSettings say who has to agree
// (https://learn.microsoft.com/graph/api/resources/accesspackageassignmentapprovalsettings).
type ApprovalSettings struct {
	IsApprovalRequiredForAdd bool            `json:"isApprovalRequiredForAdd"`
	Stages                   []ApprovalStage `json:"stages"`
}

// ApprovalStage is one of the agreements that are needed, one after the other. Any of
// the approvers is enough
// (https://learn.microsoft.com/graph/api/resources/accesspackageapprovalstage).
type ApprovalStage struct {
	PrimaryApprovers         []SubjectSet `json:"primaryApprovers"`
	FallbackPrimaryApprovers []SubjectSet `json:"fallbackPrimaryApprovers"`
	IsEscalationEnabled      bool         `json:"isEscalationEnabled"`
	EscalationApprovers      []SubjectSet `json:"escalationApprovers"`
}

// SubjectSet is somebody, or those who are named by a group or by what they are to
// somebody
// (https://learn.microsoft.com/graph/api/resources/subjectset).
type SubjectSet struct {
	ODataType               string `json:"@odata.type"`
	UserID                  string `json:"userId"`
	GroupID                 string `json:"groupId"`
	ServicePrincipalID      string `json:"servicePrincipalId"`
	ConnectedOrganizationID string `json:"connectedOrganizationId"`
	ManagerLevel            int    `json:"managerLevel"`
}

// Name is the set in one word: "user:{id}", "group:{id}", "servicePrincipal:{id}", or
// Microsoft's name of those it stands for ("requestorManager:2", "internalSponsors").
func (s *SubjectSet) Name() string {
	kind := s.ODataType[strings.LastIndexByte(s.ODataType, '.')+1:]
	switch {
	case s.UserID != "":
		return "user:" + strings.ToLower(s.UserID)
	case s.GroupID != "":
		return "group:" + strings.ToLower(s.GroupID)
	case s.ServicePrincipalID != "":
		return "servicePrincipal:" + strings.ToLower(s.ServicePrincipalID)
	case s.ConnectedOrganizationID != "":
		return kind + ":" + strings.ToLower(s.ConnectedOrganizationID)
	case s.ManagerLevel > 0:
		return kind + ":" + strconv.Itoa(s.ManagerLevel)
	}
	return kind
}

// ExpirationPattern says when something ends
// (https://learn.microsoft.com/graph/api/resources/expirationpattern).
type ExpirationPattern struct {
	// Type is "noExpiration", "afterDateTime", "afterDuration" or "notSpecified".
	Type        string     `json:"type"`
	EndDateTime TimeOrNone `json:"endDateTime"`
	// Duration is as ISO 8601 has it.
	Duration string `json:"duration"`
}

// AccessPackageAssignment is an access package that somebody was given
// (https://learn.microsoft.com/graph/api/resources/accesspackageassignment).
type AccessPackageAssignment struct {
	ID string `json:"id"`
	// State is "delivered", "partiallyDelivered", or what gives nothing:
	// "delivering", "expired", "deliveryFailed", or one that came later.
	State    string `json:"state"`
	Schedule struct {
		StartDateTime TimeOrNone        `json:"startDateTime"`
		Expiration    ExpirationPattern `json:"expiration"`
	} `json:"schedule"`
	// Target is who holds it. It can be there without an id of the directory, for a
	// while or for ever (microsoft-graph-docs-contrib#2664).
	Target           *AccessPackageSubject `json:"target"`
	AccessPackage    *EntityRef            `json:"accessPackage"`
	AssignmentPolicy *EntityRef            `json:"assignmentPolicy"`
}

// AccessPackageSubject is who can hold access packages
// (https://learn.microsoft.com/graph/api/resources/accesspackagesubject).
type AccessPackageSubject struct {
	// ObjectID is the id of the user or service principal; the subject's own id is
	// another one.
	ObjectID string `json:"objectId"`
}

// States of assignments in which access is held: all of the package, or a part.
const (
	AssignmentDelivered          = "Delivered"
	AssignmentPartiallyDelivered = "PartiallyDelivered"
	// AssignmentDelivering is the state of one that is on its way.
	AssignmentDelivering = "Delivering"
	// AssignmentDeliveryFailed is the state of one that gave nothing.
	AssignmentDeliveryFailed = "DeliveryFailed"
)

var policyList = sending.Query{Path: pathEntitlementManagement + "assignmentPolicies", Expand: "accessPackage($select=id)"}

// ListAccessPackagePolicies reads one page of the policies of all access packages.
// Permission: EntitlementManagement.Read.All
// (https://learn.microsoft.com/graph/api/entitlementmanagement-list-assignmentpolicies).
func (c *Client) ListAccessPackagePolicies(ctx context.Context, next string) (*sending.Page[AccessPackagePolicy], error) {
	return sending.GetPage[AccessPackagePolicy](ctx, c.Sender, sending.OrFirst(next, policyList))
}

// PoliciesOfAccessPackage reads the policies of one access package
// (https://learn.microsoft.com/graph/api/accesspackage-get).
func (c *Client) PoliciesOfAccessPackage(ctx context.Context, id string) ([]AccessPackagePolicy, error) {
	q := sending.Query{Path: sending.ObjectPath(pathAccessPackages[1:], id, ""), Expand: "assignmentPolicies"}
	found, err := sending.GetObject[struct {
		ID                 string                `json:"id"`
		AssignmentPolicies []AccessPackagePolicy `json:"assignmentPolicies"`
	}](ctx, c.Sender, q.String())
	if err != nil {
		return nil, err
	}
	return found.AssignmentPolicies, nil
}

const pathAssignments = pathEntitlementManagement + "assignments"

// assignmentList are the assignments of all packages in one state. Without the filter
// those come too that have expired, all that there ever were.
func assignmentList(state string) sending.Query {
	return sending.Query{
		Path: pathAssignments, Filter: sending.AnyOf("state", state),
		Expand: "target($select=objectId),accessPackage($select=id),assignmentPolicy($select=id)",
	}
}

// ListAccessPackageAssignments reads one page of the assignments of all access packages
// in one state. In its plainest form the listing has those of other states too.
// Permission: EntitlementManagement.Read.All
// (https://learn.microsoft.com/graph/api/entitlementmanagement-list-assignments).
func (c *Client) ListAccessPackageAssignments(ctx context.Context, state, next string) (*sending.Page[AccessPackageAssignment], error) {
	return sending.GetPage[AccessPackageAssignment](ctx, c.Sender, sending.OrFirst(next, assignmentList(state)))
}
