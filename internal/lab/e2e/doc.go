// Package e2e holds the end-to-end tests: the connector under the SDK's real
// syncer, in this process and as the built binary, against the simulated
// tenant, with the snapshot compared edge by edge with what the tenant holds.
package e2e
