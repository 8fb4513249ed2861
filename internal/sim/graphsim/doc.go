// Package graphsim is a simulated Microsoft Entra tenant: a login authority, Microsoft Graph v1.0 and as much of Exchange
// Online as changes groups, behind one HTTPS address on loopback. It serves a deterministic directory made from a size and a seed, refuses what Graph
// refuses, shows the gaps v1.0 has, injects faults on demand, records what clients send, and states the truth
// about its directory so that a test can compare a snapshot with it.
//
// This package is the server that joins the rooms below it, and the only one that others import: what they use of the
// rooms has its name in names.go. Each room imports those below it and none above:
//
//	graphsim     the server: the wire, batches, the router, and what a test may switch
//	faults       rules and actions that make calls go wrong
//	limits       resource units, writes, and the limits of other services
//	login        the login authority and its tokens
//	exchange     an Exchange Online that changes groups
//	nouns        what each endpoint does
//	delta        groups/delta
//	odata        queries, pages, answers
//	relations    who is related to whom, as Graph shows it
//	permissions  whether a call may be made
//	api          a call, what all calls share, and errors
//	truth        what is true of the tenant
//	generate     how the tenant is made
//	schema       the properties of each kind of object
//	directory    the tenant itself
//	logs         what entries of the tenant's logs are made of
//	encode       values in JSON
package graphsim
