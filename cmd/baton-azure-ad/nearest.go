package main

// nearest is the name that takes the fewest letters to change into another one.
func nearest(wanted string, names []string) string {
	best, fewest := "", -1
	for _, name := range names {
		if d := distance(wanted, name); fewest < 0 || d < fewest {
			best, fewest = name, d
		}
	}
	return best
}

// distance is how many letters have to be put in, left out or replaced.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			replaced := diagonal
			if a[i-1] != b[j-1] {
				replaced++
			}
			diagonal = row[j]
			row[j] = min(replaced, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
