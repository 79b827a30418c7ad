package stafflist

import "io"

// Parse reads a staff list. The error is a *FileError when the file as a whole
// cannot be read, and the reader's own when that failed; what is wrong with
// single rows is in the list.
func Parse(r io.Reader, options Options) (*List, error) {
	data, err := readAll(r)
	if err != nil {
		return nil, err
	}
	text, encoding, err := decode(data)
	if err != nil {
		return nil, err
	}
	text, delim, hinted := excelHint(unixLines(text))
	if !hinted {
		delim = sniff(text)
	}
	p := parser{
		scanner: scanner{text: text, line: 1, delim: delim},
		list:    &List{Encoding: encoding, Delimiter: rune(delim)},
	}
	if err := p.header(options.Mapping); err != nil {
		return nil, err
	}
	if err := p.rows(); err != nil {
		return nil, err
	}
	p.list.compareRows()
	p.list.warnMonthFirst()
	return p.list, nil
}

// parser holds what reading the rows needs.
type parser struct {
	scanner scanner
	list    *List
	plan    [][]int // for each of specs, the columns to read it from
	refused []bool  // by column: the present row's cell cannot be kept
}

// nextRecord skips blank lines.
func (p *parser) nextRecord() (record, bool, error) {
	for {
		rec, ok := p.scanner.next()
		switch {
		case !ok:
			return rec, false, nil
		case rec.overflow:
			return rec, false, fileError(rec.line, 0, CodeTooManyColumns, "there are more than %d columns: leave out those that are not needed", MaxColumns)
		case rec.fault != "" || !blank(rec.cells):
			return rec, true, nil
		}
	}
}

func (p *parser) header(mapping map[string]Field) error {
	rec, ok, err := p.nextRecord()
	switch {
	case err != nil:
		return err
	case !ok:
		return fileError(0, 0, CodeEmptyFile, "the file is empty: the first line must hold the headings")
	case rec.fault != "":
		return fileError(rec.line, 0, CodeBadHeader, "%s", rec.fault)
	}
	columns, err := readHeader(rec)
	if err != nil {
		return err
	}
	if fault := p.useColumns(columns, mapping, rec.line); fault != nil {
		fault.Columns = columns
		return fault
	}
	return nil
}

func (p *parser) useColumns(columns []Column, mapping map[string]Field, line int) *FileError {
	unused, fault := applyMapping(columns, mapping)
	if fault != nil {
		return fault
	}
	plan, losers := settle(columns)
	if fault := requireNames(columns, line); fault != nil {
		return fault
	}
	settleFullName(columns)
	p.plan, p.refused = plan, make([]bool, len(columns))
	p.list.Columns, p.list.Warnings = columns, losers
	for _, header := range unused {
		p.list.Warnings = append(p.list.Warnings, Problem{
			Header: header, Field: mapping[header], Code: CodeMappingUnused, Message: "the mapping names a heading that the file does not have",
		})
	}
	return nil
}

func (p *parser) rows() error {
	for n := 1; ; n++ {
		rec, ok, err := p.nextRecord()
		if err != nil || !ok {
			return err
		}
		if n > MaxRows {
			return fileError(rec.line, 0, CodeTooManyRows, "there are more than %d rows: send the list in parts", MaxRows)
		}
		row := p.row(rec)
		if !row.isStaff() {
			p.list.Skipped = append(p.list.Skipped, Problem{
				Line: row.Line, Field: FieldRole, Code: CodeNotStaff,
				Message: "the row is a pupil's, a parent's or a guardian's, and was left out",
			})
			continue
		}
		p.list.Rows = append(p.list.Rows, row)
	}
}
