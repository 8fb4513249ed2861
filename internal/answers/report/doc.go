// Package report makes one page of a snapshot: a single HTML file that needs no
// network, to be kept, printed or sent.
//
// What is in the page whatever the size of the tenant: the sections (who holds much,
// applications that may do much, credentials, guests, licences, groups) and the names
// of everything, for the search. What somebody holds, who has something and what an
// object's profile says grows with the tenant, so each has a quota of bytes; people of
// the privileged roles, guests, applications and groups come first. Where the page
// leaves something out it says so, and names the question to "baton-azure-ad ask".
//
// The page carries its data in blocks that no browser runs: the summary as JSON, the
// rest compressed and in base64. blocks.go says how they are written, and page/data.js
// reads them.
package report
