package pgembed

import "syscall"

// memoryNeeded is the space that a test process's databases may take; Docker's default /dev/shm has 64 MB.
const memoryNeeded = 1 << 30

// memoryDirs lists file systems in memory with room enough.
func memoryDirs() []string {
	var fs syscall.Statfs_t
	if err := syscall.Statfs("/dev/shm", &fs); err != nil || fs.Bavail*uint64(fs.Bsize) < memoryNeeded {
		return nil
	}
	return []string{"/dev/shm"}
}
