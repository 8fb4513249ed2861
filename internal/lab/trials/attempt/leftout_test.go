package attempt

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
	"github.com/conductorone/baton-azure-ad/pkg/config"
)

// told is what a log with some lines says.
func told(t *testing.T, write func(*zap.Logger)) leftOut {
	t.Helper()
	core, logs := observer.New(zapcore.DebugLevel)
	write(zap.New(core))
	return leftIn(logs.All())
}

func TestWhatNobodyNamedMayNotBeMissing(t *testing.T) {
	t.Parallel()
	truth, cfg := graphsim.NewTenant(graphsim.Small, 1).Truth(), &config.AzureAd{SyncDevices: true}
	whole, err := leftOut{}.expected(&truth, cfg)
	require.NoError(t, err)
	left := told(t, func(l *zap.Logger) {
		l.Warn(messageLeftOut, zap.String("data", "devices"))
		l.Info("azure-ad: left out of the snapshot", zap.String("data", "consents"))
	})
	require.Equal(t, []string{"devices"}, left.missed(&truth, cfg))
	seen, err := left.expected(&truth, cfg)
	require.NoError(t, err)
	require.NotEmpty(t, seen)
	for row := range whole {
		_, kept := seen[row]
		require.Equal(t, !strings.Contains(row, "device:"), kept, row)
	}
	require.NotEmpty(t, differences([]rowSet{whole}, seen))
}

func TestWhatASyncCannotDoWithoutMayNotBeLeftOut(t *testing.T) {
	t.Parallel()
	truth := graphsim.NewTenant(graphsim.Small, 1).Truth()
	for _, line := range []func(*zap.Logger){
		func(l *zap.Logger) { l.Warn(messageLeftOut, zap.String("data", "users")) },
		func(l *zap.Logger) {
			l.Warn(messageOfOne, zap.String("data", "groups"), zap.String("object_id", truth.Groups[0].ID))
		},
	} {
		_, err := told(t, line).expected(&truth, &config.AzureAd{})
		require.Error(t, err)
	}
}

func TestAnObjectThatIsNamedExcusesNoOther(t *testing.T) {
	t.Parallel()
	truth, cfg := graphsim.NewTenant(graphsim.Small, 1).Truth(), &config.AzureAd{}
	whole, err := leftOut{}.expected(&truth, cfg)
	require.NoError(t, err)
	unit := truth.UnitMembers[0].ObjectID
	left := told(t, func(l *zap.Logger) {
		l.Warn(messageOfOne, zap.String("data", "administrative units"), zap.String("object_id", unit))
	})
	require.Equal(t, []string{"administrative units"}, left.missed(&truth, cfg))
	seen, err := left.expected(&truth, cfg)
	require.NoError(t, err)
	for row := range whole {
		if _, kept := seen[row]; !kept {
			require.Contains(t, row, "administrative_unit:"+unit+":member")
		}
	}
	unreadable := told(t, func(l *zap.Logger) {
		for _, a := range truth.Applications {
			if a.FederatedUnreadable {
				l.Warn(messageOfOne, zap.String("data", "federated credentials"), zap.String("object_id", a.ID))
			}
		}
	})
	require.NotEmpty(t, unreadable.objects)
	require.Empty(t, unreadable.missed(&truth, cfg), "the tenant itself does not give these")
}

func TestAValueThatIsMissingIsSeen(t *testing.T) {
	t.Parallel()
	truth, cfg := graphsim.NewTenant(graphsim.Small, 1).Truth(), &config.AzureAd{MailboxPurpose: true}
	rows, err := leftOut{}.expected(&truth, cfg)
	require.NoError(t, err)
	for _, says := range []string{" is managed by ", " signed in at ", " is registered: ", " has a mailbox: ", " until "} {
		found := false
		for row := range rows {
			found = found || strings.Contains(row, says)
		}
		require.True(t, found, says)
	}
}
