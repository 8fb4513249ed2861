package verify

import "math"

// confidence is how sure a bound is.
const confidence = 0.95

// upperBound is the largest share of the whole that can be wrong where so many of a
// sample are, with the given confidence: the one-sided bound of Clopper and Pearson.
// A sample of the whole leaves no doubt. Without a sample nothing is known.
func upperBound(wrong, sampled, population int) float64 {
	switch {
	case sampled <= 0:
		return 1
	case sampled >= population:
		return float64(wrong) / float64(sampled)
	case wrong >= sampled:
		return 1
	}
	low, high := float64(wrong)/float64(sampled), 1.0
	for range 100 {
		middle := (low + high) / 2
		if atMost(wrong, sampled, middle) > 1-confidence {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// atMost is how likely it is that so few of a sample are wrong, or fewer, where a share
// p of the whole is.
func atMost(wrong, sampled int, p float64) float64 {
	sum := 0.0
	for k := 0; k <= wrong; k++ {
		sum += math.Exp(logChoose(sampled, k) + float64(k)*math.Log(p) + float64(sampled-k)*math.Log1p(-p))
	}
	return sum
}

func logChoose(n, k int) float64 {
	all, _ := math.Lgamma(float64(n + 1))
	some, _ := math.Lgamma(float64(k + 1))
	rest, _ := math.Lgamma(float64(n - k + 1))
	return all - some - rest
}
