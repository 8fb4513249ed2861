// Package platformsim is a stand-in for the ConductorOne platform's side of
// service mode: the token endpoint and the task service, on loopback with TLS,
// in the protocol of the SDK. A test pushes tasks and awaits what came of them.
// It knows nothing of the connector that it serves.
package platformsim
