package report

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"slices"

	"github.com/google/uuid"

	"github.com/perennial-api/perennial/internal/appraisal"
)

// individuals are the people of the unit, each by letters that stay theirs. A rating is told where
// its count is, and pay beside it only where enough people share both.
func (g *gathering) individuals(parts []string) []Individual {
	rates, pays := slices.Contains(parts, "ratings"), slices.Contains(parts, "pay")
	if !rates && !pays {
		return nil
	}
	ratings, ratingTable := g.table("ratings")
	awards, payTable := g.table("pay")
	ratingOf, payOf := firstOf(g.marks("ratings")), firstOf(g.marks("pay"))
	shared := map[[2]string]int{}
	for id, row := range g.rowOf {
		if slices.Contains(g.mine, row) {
			shared[[2]string{ratingOf[id], payOf[id]}]++
		}
	}
	letters := g.letters()
	out := []Individual{}
	for _, y := range g.Years {
		row := g.rowOf[y.ID]
		if !slices.Contains(g.mine, row) {
			continue
		}
		who := Individual{Letters: letters[y.ID]}
		if i := indexOf(ratings, ratingOf[y.ID]); rates && i >= 0 && !ratingTable.Cells[row][i].Withheld {
			who.Rating = &ratings[i]
		}
		together := who.Rating == nil || shared[[2]string{ratingOf[y.ID], payOf[y.ID]}] >= g.small
		if i := indexOf(awards, payOf[y.ID]); pays && i >= 0 && together && !payTable.Cells[row][i].Withheld {
			who.Pay = payOf[y.ID]
		}
		out = append(out, who)
	}
	slices.SortFunc(out, func(a, b Individual) int { return cmp.Compare(a.Letters, b.Letters) })
	return out
}

func firstOf(marks []Mark) map[uuid.UUID]string {
	out := map[uuid.UUID]string{}
	for _, m := range marks {
		out[m.AppraisalID] = m.Code
	}
	return out
}

func indexOf(codes []appraisal.Code, code string) int {
	return slices.IndexFunc(codes, func(c appraisal.Code) bool { return c.Code == code })
}

// alphabet has no vowels, so that letters make no words.
const alphabet = "BCDFGHJKLMNPQRSTVWXZ"

// letters are drawn for each year from its id and the cycle, so that they tell nothing of a name,
// stay the same while others come and go, and are others in the next year.
func (g *gathering) letters() map[uuid.UUID]string {
	years := slices.Clone(g.Years)
	slices.SortFunc(years, func(a, b Year) int { return slices.Compare(a.ID[:], b.ID[:]) })
	out, taken := map[uuid.UUID]string{}, map[string]bool{}
	for _, y := range years {
		mac := hmac.New(sha256.New, g.CycleID[:])
		mac.Write(y.ID[:])
		var word []byte
		for _, b := range mac.Sum(nil) {
			if word = append(word, alphabet[int(b)%len(alphabet)]); len(word) >= 4 && !taken[string(word)] {
				break
			}
		}
		out[y.ID], taken[string(word)] = string(word), true
	}
	return out
}
