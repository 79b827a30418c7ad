package pgembed

import "net"

// newEndpoint asks the system for a free port. Another program could take it before postgres does; then postgres
// says so, and the next start has another.
func newEndpoint(*home, account) (endpoint, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return endpoint{}, err
	}
	defer l.Close()
	host, port, err := net.SplitHostPort(l.Addr().String())
	return endpoint{host: host, port: port}, err
}

func (h *home) farEndpoint() endpoint { return endpoint{} }

func (e endpoint) settings() map[string]string {
	return map[string]string{"listen_addresses": e.host, "port": e.port}
}

func (endpoint) close() {}
