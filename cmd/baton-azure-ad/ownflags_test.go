package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAStatusAddressWithoutAHostWouldBeOpenToTheNetwork(t *testing.T) {
	for said, want := range map[string]string{
		"8082": "127.0.0.1:8082", ":8082": "127.0.0.1:8082", "0.0.0.0:8082": "0.0.0.0:8082", "[::1]:8082": "[::1]:8082", "[::]:8082": "[::]:8082",
		"": "", "0": "", "65536": "", "localhost": "", "http": "", "127.0.0.1": "", "::1:8082": "", "127.0.0.1:": "",
	} {
		got, err := statusAddress(said)
		require.Equal(t, want, got, said)
		require.Equal(t, want == "", err != nil, said)
	}
}

func TestATimeThatMakesNoServiceReadyWouldBeTaken(t *testing.T) {
	for said, want := range map[string]time.Duration{"1h": time.Hour, "90m": 90 * time.Minute, "10s": 10 * time.Second, "": 0, "0": 0, "-1h": 0, "60": 0, "500ms": 0, "never": 0} {
		got, err := readyBound(said)
		require.Equal(t, want, got, said)
		require.Equal(t, want == 0, err != nil, said)
	}
}
