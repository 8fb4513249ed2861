// Package snapshotdiff tells what changed between two snapshots: objects that
// came, went or were renamed, and access that was gained or lost. It knows the
// type ids and slugs of the snapshot's data model, and nothing of the connector
// that wrote them.
//
// Both snapshots are read once, side by side, in the order of their rows' ids.
// What differs goes to sorted runs on disk, so that memory does not grow with
// the snapshots or with the number of changes.
package snapshotdiff
