package faults

import (
	"errors"
	"fmt"

	"github.com/conductorone/baton-azure-ad/internal/sim/graphsim"
)

// changes are what other hands do to the tenant while it is read.
func changes() []Fault {
	list := []Fault{
		{Name: "objects renamed in the middle", arm: func(s *scene, name string) {
			user, group := s.anyID(graphsim.KindUser, 1000), s.anyID(graphsim.KindGroup, 60)
			s.midway(name, func() error {
				return errors.Join(ignoreGone(s.server.Rename(graphsim.KindUser, user, "Renamed Person")), ignoreGone(s.server.Rename(graphsim.KindGroup, group, "Renamed Group")))
			})
		}},
		{Name: "a person created and put in a group in the middle", arm: func(s *scene, name string) {
			group := s.server.Tenant().ID(graphsim.KindGroup, plainGroups[s.IntN(len(plainGroups))])
			s.midway(name, func() error {
				id, err := s.server.AddUser(fmt.Sprintf("new.person%d", s.IntN(1e6)))
				return errors.Join(err, ignoreGone(s.server.AddMember(group, graphsim.KindUser, id)))
			})
		}},
		{Name: "a group created and nested in the middle", arm: func(s *scene, name string) {
			outer, person := s.server.Tenant().ID(graphsim.KindGroup, plainGroups[s.IntN(len(plainGroups))]), s.anyID(graphsim.KindUser, 1000)
			s.midway(name, func() error {
				id, err := s.server.AddGroup(fmt.Sprintf("newgroup%d", s.IntN(1e6)))
				return errors.Join(err, ignoreGone(s.server.AddMember(id, graphsim.KindUser, person)), ignoreGone(s.server.AddMember(outer, graphsim.KindGroup, id)))
			})
		}},
		{Name: "a member taken out in the middle", arm: func(s *scene, name string) {
			group := s.server.Tenant().ID(graphsim.KindGroup, graphsim.GroupPairA)
			inner := s.server.Tenant().ID(graphsim.KindGroup, graphsim.GroupPairB)
			s.midway(name, func() error { return ignoreGone(s.server.RemoveMember(group, graphsim.KindGroup, inner)) })
		}},
	}
	for what, of := range map[string]struct {
		kind  graphsim.Kind
		count int
	}{
		"people": {graphsim.KindUser, 1000}, "groups": {graphsim.KindGroup, 69}, "service principals": {graphsim.KindServicePrincipal, 50},
		"app registrations": {graphsim.KindApplication, 20}, "administrative units": {graphsim.KindAdministrativeUnit, 8},
		"role assignments": {graphsim.KindRoleAssignment, 130},
	} {
		list = append(list, Fault{Name: what + " deleted in the middle", arm: func(s *scene, name string) {
			var doomed []string
			for range 1 + s.IntN(min(20, of.count/2)) {
				doomed = append(doomed, s.anyID(of.kind, of.count))
			}
			s.midway(name, func() error {
				var errs []error
				for _, id := range doomed {
					errs = append(errs, ignoreGone(s.server.Delete(of.kind, id)))
				}
				return errors.Join(errs...)
			})
		}})
	}
	return list
}

// plainGroups take members of any kind and are of consequence to others.
var plainGroups = []int{
	graphsim.GroupEmpty, graphsim.GroupBig, graphsim.GroupPairA, graphsim.GroupTripleB, graphsim.GroupChain2, graphsim.GroupDiamondBottom, graphsim.GroupAppOuter,
}

// anyID is the id of one of the first objects of a kind.
func (s *scene) anyID(kind graphsim.Kind, count int) string {
	return s.server.Tenant().ID(kind, s.IntN(count))
}

// ignoreGone is about objects that another change has deleted before.
func ignoreGone(err error) error {
	if errors.Is(err, graphsim.ErrUnknownObject) {
		return nil
	}
	return err
}
