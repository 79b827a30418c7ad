// Package directory is who works where: units, people, their posts, who line-manages whom, who
// holds which office, and long absences.
//
// It owns those records and their dates. It does not own appraisals: what a change of post or line
// manager means for them is told to a Listener, in the same transaction.
package directory
