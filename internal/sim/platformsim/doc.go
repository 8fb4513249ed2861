// Package platformsim is a stand-in for the ConductorOne platform's side, on
// loopback, in the protocol of the SDK: of service mode with the token endpoint
// and the task service, and of the function runtime with the settings, the
// sign-in, the session store and the runtime of the connector that it hosts. A
// test pushes tasks and awaits what came of them, or calls the hosted connector.
// It knows nothing of the connector that it serves.
package platformsim
