package lifecycle

import (
	"context"
	"strings"
	"unicode"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/conductorone/baton-sdk/pkg/annotations"
	"github.com/conductorone/baton-sdk/pkg/crypto"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/writing"
)

// Entra's rules for passwords
// (https://learn.microsoft.com/entra/identity/authentication/concept-sspr-policy).
const (
	shortestPassword = 8
	longestPassword  = 256
	passwordSorts    = 3
	// defaultPasswordLength is for passwords whose length nobody has said.
	defaultPasswordLength = 24
)

// passwordAttempts is how often a random password is made until it keeps
// Entra's rules: constraints can make that a matter of luck.
const passwordAttempts = 20

// newPassword makes the password that was asked for, or takes the one that was
// given.
func newPassword(ctx context.Context, options *v2.LocalCredentialOptions) (writing.Password, error) {
	if options.GetSso() != nil {
		return writing.Password{}, status.Error(codes.InvalidArgument, model.ErrorPrefix+"an account cannot be given single sign-on instead of a password; Entra takes no member without a password")
	}
	wanted := options
	if wanted.GetRandomPassword() == nil && wanted.GetPlaintextPassword() == nil {
		wanted = v2.LocalCredentialOptions_builder{
			RandomPassword: v2.LocalCredentialOptions_RandomPassword_builder{Length: defaultPasswordLength}.Build(),
		}.Build()
	}
	password := writing.Password{ChangeAtNextSignIn: options.GetForceChangeAtNextLogin()}
	for range passwordAttempts {
		var err error
		if password.Value, err = crypto.GeneratePassword(ctx, wanted); err != nil {
			return writing.Password{}, status.Error(codes.InvalidArgument, model.ErrorPrefix+"the password cannot be made as asked: "+err.Error())
		}
		if acceptable(password.Value) {
			return password, nil
		}
	}
	return writing.Password{}, status.Errorf(codes.InvalidArgument,
		"%sthe password asked for would not be accepted: Entra wants %d to %d characters with %d of capital letters, small letters, digits and symbols",
		model.ErrorPrefix, shortestPassword, longestPassword, passwordSorts)
}

// refusedPasswords is how many random passwords Entra may refuse before its refusal
// stands: it bans words, and one of them can come up by chance.
const refusedPasswords = 3

// untilTaken does something with a password, and with another one where Entra does not
// take it, unless somebody has given it. It gives the password that was taken.
func untilTaken(ctx context.Context, options *v2.LocalCredentialOptions, password writing.Password, do func(writing.Password) error) (writing.Password, error) {
	for refused := 1; ; refused++ {
		err := do(password)
		if !failure.IsPasswordRefused(err) || options.GetPlaintextPassword() != nil || refused > refusedPasswords {
			return password, err
		}
		if password, err = newPassword(ctx, options); err != nil {
			return password, err
		}
	}
}

func acceptable(password string) bool {
	var sorts int
	for _, is := range []func(rune) bool{unicode.IsUpper, unicode.IsLower, unicode.IsDigit, func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c)
	}} {
		if strings.ContainsFunc(password, is) {
			sorts++
		}
	}
	length := len([]rune(password))
	return sorts >= passwordSorts && length >= shortestPassword && length <= longestPassword
}

// passwordToTell is the password for the SDK to encrypt. Who has given one knows
// it, and one that nobody asked for is told to nobody.
func passwordToTell(options *v2.LocalCredentialOptions, password writing.Password) []*v2.PlaintextData {
	if password.Value == "" || options.GetPlaintextPassword() != nil || options.GetNoPassword() != nil {
		return nil
	}
	return []*v2.PlaintextData{v2.PlaintextData_builder{
		Name: "password", Description: "The account's password", Bytes: []byte(password.Value),
	}.Build()}
}

// concealing keeps a password out of an error that quotes Graph.
func concealing(err error, password writing.Password) error {
	if err == nil || password.Value == "" || !strings.Contains(err.Error(), password.Value) {
		return err
	}
	return status.Error(status.Code(err), strings.ReplaceAll(status.Convert(err).Message(), password.Value, password.String()))
}

// RotateCapabilityDetails says how a password can be replaced.
func (s *Accounts) RotateCapabilityDetails(context.Context) (*v2.CredentialDetailsCredentialRotation, annotations.Annotations, error) {
	return v2.CredentialDetailsCredentialRotation_builder{
		SupportedCredentialOptions: []v2.CapabilityDetailCredentialOption{
			v2.CapabilityDetailCredentialOption_CAPABILITY_DETAIL_CREDENTIAL_OPTION_RANDOM_PASSWORD,
			v2.CapabilityDetailCredentialOption_CAPABILITY_DETAIL_CREDENTIAL_OPTION_ENCRYPTED_PASSWORD,
		},
		PreferredCredentialOption: v2.CapabilityDetailCredentialOption_CAPABILITY_DETAIL_CREDENTIAL_OPTION_RANDOM_PASSWORD,
	}.Build(), nil, nil
}

// Rotate gives a user another password.
func (s *Accounts) Rotate(ctx context.Context, id *v2.ResourceId, options *v2.LocalCredentialOptions) ([]*v2.PlaintextData, annotations.Annotations, error) {
	if options.GetNoPassword() != nil {
		return nil, nil, change.Refused("a password can be replaced, but not taken away")
	}
	password, err := newPassword(ctx, options)
	if err != nil {
		return nil, nil, err
	}
	user := model.ObjectID(id.GetResource())
	unlock, err := s.Provision.Locks.Lock(ctx, "user/"+user)
	if err != nil {
		return nil, nil, model.ToStatus(err)
	}
	defer unlock()
	if err := rotatable(ctx, s.Provision, user); err != nil {
		return nil, nil, change.ToChangeStatus(err)
	}
	password, err = untilTaken(ctx, options, password, func(p writing.Password) error {
		return s.Provision.Apply(ctx, func(ctx context.Context) error { return writing.By(s.Client).SetPassword(ctx, user, p) })
	})
	if err != nil {
		return nil, nil, concealing(change.ToChangeStatus(err), password)
	}
	return passwordToTell(options, password), nil, nil
}

// rotatable refuses users whose password is not in the tenant's hands.
func rotatable(ctx context.Context, p *change.Provisioner, id string) error {
	user, err := AwaitedUser(ctx, p, id)
	switch {
	case err != nil:
		return err
	case IsSynced(user):
		return change.Refused("the password of user %s is managed in the on-premises directory that the user is synchronized from", id)
	case strings.Contains(user.UserPrincipalName, "#EXT#"):
		return change.Refused("user %s is a guest, whose password is managed where the guest comes from", id)
	}
	return nil
}

func IsSynced(user *graph.User) bool {
	return user.OnPremisesSyncEnabled != nil && *user.OnPremisesSyncEnabled
}

// AwaitedUser reads a user, and waits for one that is new.
func AwaitedUser(ctx context.Context, p *change.Provisioner, id string) (*graph.User, error) {
	var user *graph.User
	err := p.Apply(ctx, func(ctx context.Context) error {
		var err error
		user, err = p.Client.GetUser(ctx, id)
		return err
	})
	return user, err
}
