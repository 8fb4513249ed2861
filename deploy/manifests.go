// Package deploy checks the Kubernetes manifests beside it. It is a module of
// its own so that the connector does not depend on Kubernetes.
package deploy
