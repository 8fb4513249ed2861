// Package schematest holds the check of the simulated Graph's schema against Microsoft's own models. It is apart
// from graphsim because compiling those models takes minutes.
package schematest
