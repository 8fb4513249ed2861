package lifecycle

import (
	"errors"
	"fmt"
	"testing"

	v2 "github.com/conductorone/baton-sdk/pb/c1/connector/v2"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/change"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/writing"
)

func randomOptions(length int64, constraints ...*v2.PasswordConstraint) *v2.LocalCredentialOptions {
	return v2.LocalCredentialOptions_builder{
		RandomPassword: v2.LocalCredentialOptions_RandomPassword_builder{Length: length, Constraints: constraints}.Build(),
	}.Build()
}

func TestPasswordThatEntraWouldRefuseIsNeverSent(t *testing.T) {
	digit := v2.PasswordConstraint_builder{CharSet: "0123456789", MinCount: 6}.Build()
	for range 200 {
		for _, options := range []*v2.LocalCredentialOptions{nil, randomOptions(8), randomOptions(64), randomOptions(8, digit)} {
			password, err := newPassword(t.Context(), options)
			if err != nil { // Two characters of chance can fail to be of two more sorts, twenty times over.
				require.Contains(t, err.Error(), "would not be accepted")
				continue
			}
			require.True(t, acceptable(password.Value))
		}
	}
	for name, options := range map[string]*v2.LocalCredentialOptions{
		"too short":  randomOptions(7),
		"one sort":   randomOptions(8, v2.PasswordConstraint_builder{CharSet: "abc", MinCount: 8}.Build()),
		"impossible": randomOptions(8, v2.PasswordConstraint_builder{CharSet: "abc", MinCount: 9}.Build()),
		"given bad":  v2.LocalCredentialOptions_builder{PlaintextPassword: v2.LocalCredentialOptions_PlaintextPassword_builder{PlaintextPassword: "badpassword"}.Build()}.Build(),
		"instead":    v2.LocalCredentialOptions_builder{Sso: &v2.LocalCredentialOptions_SSO{}}.Build(),
	} {
		_, err := newPassword(t.Context(), options)
		require.Equal(t, codes.InvalidArgument, status.Code(err), name)
		require.NotContains(t, err.Error(), "badpassword")
	}
}

func TestPasswordOrSecretThatIsPrintedByMistakeShowsNothing(t *testing.T) {
	for _, v := range []any{writing.Password{Value: "Tr0ub4dor&3"}, &writing.Password{Value: "Tr0ub4dor&3"}, writing.NewSecret{Text: "Tr0ub4dor&3"}, &writing.NewSecret{Text: "Tr0ub4dor&3"}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
			require.NotContains(t, fmt.Sprintf(verb, v), "Tr0ub4dor&3")
		}
	}
}

func TestPasswordThatAnErrorQuotesIsTakenOut(t *testing.T) {
	password := writing.Password{Value: "Tr0ub4dor&3"}
	quoting := change.ToChangeStatus(&failure.Error{StatusCode: 400, Code: failure.CodeBadRequest, Message: "The password 'Tr0ub4dor&3' was leaked."})
	require.ErrorContains(t, quoting, password.Value, "the test needs an error that quotes")
	cleaned := concealing(quoting, password)
	require.NotContains(t, cleaned.Error(), password.Value)
	require.Equal(t, codes.InvalidArgument, status.Code(cleaned))
	other := errors.New("something else")
	require.Equal(t, other, concealing(other, password))
}

func TestPasswordIsToldOnlyWhoAskedForOne(t *testing.T) {
	password := writing.Password{Value: "Tr0ub4dor&3"}
	require.Len(t, passwordToTell(randomOptions(16), password), 1)
	require.Empty(t, passwordToTell(v2.LocalCredentialOptions_builder{NoPassword: &v2.LocalCredentialOptions_NoPassword{}}.Build(), password))
	require.Empty(t, passwordToTell(v2.LocalCredentialOptions_builder{
		PlaintextPassword: v2.LocalCredentialOptions_PlaintextPassword_builder{PlaintextPassword: password.Value}.Build(),
	}.Build(), password))
}
