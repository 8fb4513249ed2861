package decide

import (
	"github.com/conductorone/baton-azure-ad/pkg/connector/internal/model"
	"github.com/conductorone/baton-azure-ad/pkg/graph/failure"
	"github.com/conductorone/baton-azure-ad/pkg/graph/forms"
)

// Lack is why a data set cannot be read.
type Lack int

// What a data set can lack.
const (
	LacksNothing Lack = iota
	LacksPermission
	LacksLicense
	// LacksAnswer is what Graph does not answer in any form.
	LacksAnswer
)

// lackOf is what a refusal says that a data set lacks; nothing where it is no
// refusal of the data set.
func lackOf(err error) Lack {
	switch {
	case failure.IsUnlicensed(err):
		return LacksLicense
	case failure.IsAccessDenied(err):
		return LacksPermission
	case forms.IsRefused(err):
		return LacksAnswer
	}
	return LacksNothing
}

// sentence is what a person has to get for the data set.
func (l Lack) sentence(s *Source) string {
	switch l {
	case LacksLicense:
		return "licence " + s.License
	case LacksPermission:
		return "permission " + s.Permission
	case LacksAnswer:
		return "an answer of Microsoft Graph, which does not have this here or in no form that is known"
	case LacksNothing:
	}
	return ""
}

// Lack is why a decision leaves a data set out.
func (d *Decision) Lack(data model.DataSet) Lack {
	for _, s := range d.Skipped {
		switch {
		case s.source.Data != data:
		default:
			return s.lack
		}
	}
	return LacksNothing
}
