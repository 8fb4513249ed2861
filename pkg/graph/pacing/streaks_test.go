package pacing

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// In a service other tasks go on reading the tenant meanwhile.
func TestAnswersToOtherRequestsDoNotProlongTheWait(t *testing.T) {
	at := &clock{at: time.Unix(1000, 0)}
	s := NewStreaks(func() time.Time { return at.at })
	require.Zero(t, s.Refused("/users?$top=999"))
	at.at = at.at.Add(5 * time.Minute)
	s.Answered("/auditLogs/directoryAudits")
	require.Equal(t, 5*time.Minute, s.Refused("/users?$skiptoken=x"))
	s.Answered("/users?$top=999")
	require.Zero(t, s.Refused("/users?$top=999"))
}

func TestATroubleOfYesterdayDoesNotShortenTodaysPatience(t *testing.T) {
	at := &clock{at: time.Unix(1000, 0)}
	s := NewStreaks(func() time.Time { return at.at })
	s.Refused("/users")
	at.at = at.at.Add(24 * time.Hour)
	require.Zero(t, s.Refused("/users"))
}
