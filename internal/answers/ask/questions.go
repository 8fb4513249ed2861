package ask

import "slices"

// Find is the question of a name; ok is false where there is none.
func Find(name string) (*Question, bool) {
	i := slices.IndexFunc(questions, func(q *Question) bool { return q.Name == name })
	if i < 0 {
		return nil, false
	}
	return questions[i], true
}

// Questions are all questions in the order of help.
func Questions() []*Question { return questions }

// questions are filled in by each question's file through this one list, so that help
// has an order that a reader can follow.
var questions = []*Question{
	whoHas, whatHas, whoIs, whoCanBecome, pathsTo, whoCanReadMail, whoCanReadFiles, whoCanWriteDirectory,
	privileged, guests, expiring, stale, ownerless, unusedApplications, licences,
}
