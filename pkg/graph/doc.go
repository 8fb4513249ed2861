// Package graph is a small client for the parts of Microsoft Graph v1.0 that
// describe who has access to what in Microsoft Entra ID.
//
// One file per Graph noun holds its struct and its requests. Everything goes
// through one transport (transport.go), which adds credentials and headers,
// keeps every request on the configured host, retries what is short and safe,
// and turns refusals into typed errors. Pages are decoded into small structs;
// Microsoft's SDK models are used where one object is read or written
// (msgraph.go).
//
// The package knows nothing of Baton.
package graph
