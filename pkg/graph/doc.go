// Package graph is a small client for the parts of Microsoft Graph v1.0 that
// describe who has access to what in Microsoft Entra ID: the nouns. One file for
// each holds its struct and its requests, and one named _write the changes to it.
// forms_table.go is the table of the forms in which they can be asked for.
//
// The rest of a client is in the packages below, each of which knows those before
// it, and none of those after it: failure (Graph's refusals) and network (the way
// to a host), signin (tokens), pacing (budgets and waits), forms (ladders of
// requests), sending (the way of a request and its answer). Pages are decoded into
// small structs; Microsoft's SDK models are used where one object is read or
// written.
//
// None of them knows anything of Baton.
package graph
