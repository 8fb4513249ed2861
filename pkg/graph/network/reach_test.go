package network

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/conductorone/baton-azure-ad/pkg/graph/internal/graphtest"
)

func TestReachTellsTheWayToAHostWhateverItAnswers(t *testing.T) {
	for name, status := range map[string]int{"refusal": 401, "trouble": 500, "redirect": 302} {
		r := graphtest.NewServer(t, graphtest.Answer(status, "{}", "Location", "https://elsewhere.example/"))
		client, err := NewHTTPClient(r.CA())
		require.NoError(t, err)
		contact, err := Reach(context.Background(), client, r.URL+"/v1.0/organization")
		require.NoError(t, err, name)
		require.Equal(t, HostOf(r.URL), contact.Host)
		require.Equal(t, "TLS 1.3", contact.TLSVersion)
		require.NotEmpty(t, contact.Chain[0].Issuer)
		require.True(t, contact.KnowsTime)
		require.Less(t, contact.Ahead.Abs(), 5*time.Second)
		require.Equal(t, 1, r.Count(), "no redirect is followed")
		require.Empty(t, r.Requests[0].Header.Get("Authorization"))
	}
}

func TestAWrongClockWouldNotBeNoticed(t *testing.T) {
	for _, off := range []time.Duration{-10 * time.Minute, 10 * time.Minute} {
		r := graphtest.NewServer(t, graphtest.Answer(200, "{}", "Date", time.Now().Add(off).UTC().Format(http.TimeFormat)))
		client, err := NewHTTPClient(r.CA())
		require.NoError(t, err)
		contact, err := Reach(context.Background(), client, r.URL)
		require.NoError(t, err)
		require.InDelta(t, -off.Seconds(), contact.Ahead.Seconds(), 5)
	}
}

func TestUntrustedCertificateIsShownToThePersonWhoHasToFindIt(t *testing.T) {
	r := graphtest.NewServer(t, graphtest.Answer(200, "{}"))
	client, err := NewHTTPClient(nil)
	require.NoError(t, err)
	contact, err := Reach(context.Background(), client, r.URL)
	require.True(t, IsUntrusted(err))
	require.ErrorContains(t, err, "--ca-certificate")
	require.Contains(t, contact.Chain[0].Issuer, "Acme")
}

func TestReachGivesUpWithASentence(t *testing.T) {
	stuck := make(chan struct{})
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-stuck }))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(stuck) })
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	_, err := Reach(ctx, server.Client(), server.URL)
	require.ErrorContains(t, err, "did not answer in time")
}
