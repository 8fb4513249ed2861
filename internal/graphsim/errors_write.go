package graphsim

import (
	"fmt"
	"net/http"
)

// required refuses a new object that lacks a property.
func required(name, typeName string) error {
	return badRequest("A value is required for property '%s' of resource '%s'.", name, typeName)
}

func invalidValue(name, typeName string) error {
	return badRequest("Invalid value specified for property '%s' of resource '%s'.", name, typeName)
}

func readOnly(name string) error {
	return badRequest("Property '%s' is read-only and cannot be set.", name)
}

// taken refuses a value that has to be unique and is not.
func taken(name string) error {
	message := fmt.Sprintf("Another object with the same value for property %s already exists.", name)
	return &graphError{
		status: http.StatusBadRequest, code: codeBadRequest, message: message,
		details: []errorDetail{{Code: "ObjectConflict", Message: message, Target: name}},
	}
}

// conflicting refuses an object that is there already.
func conflicting() error {
	const message = "A conflicting object with one or more of the specified property values is present in the directory."
	return &graphError{
		status: http.StatusBadRequest, code: codeBadRequest, message: message,
		details: []errorDetail{{Code: "ConflictingObjects", Message: message}},
	}
}
