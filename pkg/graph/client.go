// Package graph is a small client for the parts of Microsoft Graph v1.0 that
// describe who has access to what in Microsoft Entra ID: the nouns. One file for
// each holds its struct and its requests.
// forms_table.go is the table of the forms in which they can be asked for.
//
// The rest of a client is in the packages below, each of which knows those before
// it, and none of those after it: failure (Graph's refusals) and network (the way
// to a host), signin (tokens), pacing (budgets and waits), forms (ladders of
// requests), sending (the way of a request and its answer). Pages are decoded into
// small structs. Where one object is read or written the requests are Microsoft's
// SDK's. Above the nouns are writing, what changes them, and pim and entitlements,
// changes that have an end, are to be activated or are asked for.
//
// None of them knows anything of Baton.
package graph

import "github.com/conductorone/baton-azure-ad/pkg/graph/sending"

// Client reads and changes what Microsoft Graph v1.0 knows of a tenant: a sender
// that knows the nouns. It is safe for concurrent use.
type Client struct{ *sending.Sender }
