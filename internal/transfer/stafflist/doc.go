// Package stafflist reads a staff list as a school's management information
// system exports it: a delimited text file from SIMS, Arbor, Bromcom, Wonde,
// OneRoster or a spreadsheet.
//
// It owns the file: its encoding, its delimiter, which column is which field,
// and what each cell says. Every fault is reported with the physical line and
// the column where it is, in words that never repeat what the cell held, since
// reports are e-mailed and logged and cells hold personal data.
//
// It does not own what the list means for the trust. It never looks anybody
// up, and so it leaves matching people, finding the school or the line manager
// that a cell names, and deciding who has left to its caller.
package stafflist
