package stafflist

import "strings"

// Lengths of RFC 5321, section 4.5.3.1, and RFC 1035, section 2.3.4.
const (
	maxEmail     = 254
	maxLocalPart = 64
	maxLabel     = 63
)

// readEmail takes the first of the addresses in a cell, which people part with
// commas, semicolons or blanks, and lowers its domain. The local part is left
// as it is written.
func readEmail(text string) (address string, several, ok bool) {
	all := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == ' ' })
	if len(all) == 0 {
		return "", false, false
	}
	first := all[0]
	if len(first) > len("mailto:") && strings.EqualFold(first[:len("mailto:")], "mailto:") {
		first = first[len("mailto:"):]
	}
	at := strings.LastIndexByte(first, '@')
	if at < 0 || len(first) > maxEmail {
		return "", false, false
	}
	local, domain := first[:at], strings.ToLower(first[at+1:])
	return local + "@" + domain, len(all) > 1, validLocalPart(local) && validDomain(domain)
}

// validLocalPart is the dot-atom of RFC 5322, section 3.2.3. Quoted local parts
// and accents are refused: in a staff list they are typing errors.
func validLocalPart(local string) bool {
	if local == "" || len(local) > maxLocalPart || strings.Contains(local, "..") {
		return false
	}
	if local[0] == '.' || local[len(local)-1] == '.' {
		return false
	}
	for i := 0; i < len(local); i++ {
		if c := local[i]; !alphanumeric(c) && !strings.ContainsRune(".!#$%&'*+-/=?^_`{|}~", rune(c)) {
			return false
		}
	}
	return true
}

func validDomain(domain string) bool {
	labels := strings.Split(domain, ".")
	if len(labels) < 2 || number(labels[len(labels)-1]) >= 0 {
		return false
	}
	for _, label := range labels {
		if label == "" || len(label) > maxLabel || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := 0; i < len(label); i++ {
			if c := label[i]; !alphanumeric(c) && c != '-' {
				return false
			}
		}
	}
	return true
}

func alphanumeric(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}
