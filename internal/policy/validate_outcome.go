package policy

import (
	"fmt"
	"slices"
	"strings"
)

const (
	methodNone         = "none"
	methodGrid         = "grid"
	engagementAxisCode = "engagement"
)

func ratingCodes(scale []Rating) []string {
	var codes []string
	for _, r := range scale {
		codes = append(codes, r.Code)
	}
	return codes
}

func hasRating(scale []Rating, code string) bool { return slices.Contains(ratingCodes(scale), code) }

// rating checks the scale, and that something on it can be reached.
func (in *inspection) rating() {
	o := &in.Rules.Outcome
	unique(in, o.Scale, func(r *Rating) *string { return &r.Code })
	unique(in, o.ObjectiveScale, func(r *Rating) *string { return &r.Code })
	if o.Method != methodNone && len(o.Scale) == 0 {
		in.fault("scale_missing", "a rating is asked for and there is no scale", "define a scale, or use the method none", &o.Method, &o.Scale)
	}
	if o.Method == methodGrid {
		in.axis(&o.Grid.Rows)
		in.axis(&o.Grid.Columns)
		in.cells(&o.Grid, o.Scale)
		in.boxes(&o.Grid, o.Scale)
	}
}

func (in *inspection) axis(a *Axis) {
	if len(a.Values) == 0 {
		in.fault("axis_empty", fmt.Sprintf("the grid's axis %s has no values", a.Code), "list its values, lowest first", &a.Values)
	}
	unique(in, a.Values, func(r *Rating) *string { return &r.Code })
}

// cells checks each cell, and reports those that lead to no rating: what the source of a policy
// leaves open is for the trust to fill, and is refused where it is used.
func (in *inspection) cells(g *Grid, scale []Rating) {
	byPlace := map[[2]string]*Cell{}
	for i := range g.Cells {
		c := &g.Cells[i]
		at := [2]string{c.Row, c.Column}
		if byPlace[at] != nil {
			in.fault("cell_twice", fmt.Sprintf("the cell %s, %s is given twice", c.Row, c.Column), "keep one of them", byPlace[at], c)
		}
		byPlace[at] = c
		in.cellValue(&c.Row, g.Rows)
		in.cellValue(&c.Column, g.Columns)
		in.onScale(&c.Rating, scale)
	}
	for _, row := range g.Rows.Values {
		for _, column := range g.Columns.Values {
			in.cellRated(g, byPlace[[2]string{row.Code, column.Code}], row, column)
		}
	}
}

func (in *inspection) cellValue(code *string, a Axis) {
	if !hasRating(a.Values, *code) {
		in.fault("cell_unknown", fmt.Sprintf("%q is no value of %s", *code, a.Code),
			"use one of "+strings.Join(ratingCodes(a.Values), ", "), code)
	}
}

func (in *inspection) onScale(rating *string, scale []Rating) {
	if *rating != "" && !hasRating(scale, *rating) {
		in.fault("rating_unknown", fmt.Sprintf("%s is not on the scale", *rating),
			"use one of "+strings.Join(ratingCodes(scale), ", "), rating, &in.Rules.Outcome.Scale)
	}
}

func (in *inspection) cellRated(g *Grid, c *Cell, row, column Rating) {
	var at any = &g.Cells
	if c != nil {
		if c.Rating != "" {
			return
		}
		at = &c.Rating
	}
	in.unset("cell_unset", fmt.Sprintf("no rating follows from %s with %s", row.Label, column.Label),
		"give the cell a rating", at)
}

func (in *inspection) boxes(g *Grid, scale []Rating) {
	unique(in, g.Boxes, func(b *Box) *string { return &b.Code })
	for i := range g.Boxes {
		b := &g.Boxes[i]
		in.onScale(&b.Rating, scale)
		if b.Rating == "" {
			in.unset("box_unset", fmt.Sprintf("no rating follows from the box %s", b.Label), "give the box a rating", &b.Rating)
		}
	}
}

// forms checks every form.
func (in *inspection) forms() {
	for _, name := range names(child(in.tree, "forms")) {
		f := in.Rules.Forms[name]
		for i := range f.Sections {
			in.section(&f.Sections[i], in.filledAtYearEnd(name))
		}
		unique(in, f.Sections, func(s *formSection) *string { return &s.Code })
	}
}
