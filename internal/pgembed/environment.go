package pgembed

import "os"

// passed are the variables that postgres and initdb may see. The rest stays here: secrets are none of their business,
// and PGDATA and its like would change what they do.
var passed = []string{
	"PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
	"SystemRoot", "SystemDrive", "TEMP", "TMP", "USERPROFILE",
}

func environment() []string {
	env := []string{"LC_ALL=C"} // messages in English; and on a Mac without a locale, postgres refuses to start
	for _, name := range passed {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}
