// Package graphsim is a simulated Microsoft Entra tenant: a login authority and Microsoft Graph v1.0 behind one
// HTTPS address on loopback. It serves a deterministic directory made from a size and a seed, refuses what Graph
// refuses, shows the gaps v1.0 has, injects faults on demand, records what clients send, and states the truth
// about its directory so that a test can compare a snapshot with it.
package graphsim
