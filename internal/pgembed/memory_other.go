//go:build unix && !linux

package pgembed

// memoryDirs lists file systems in memory with room enough: none is known here.
func memoryDirs() []string { return nil }
