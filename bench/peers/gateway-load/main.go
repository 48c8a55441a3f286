// Command gateway-load is both ends of the measurement of gateways: `upstream` answers as a model's
// endpoint would, at once, and `load` calls, as fast as it is answered, at fixed moments, or with
// streams held open. Both speak HTTP/1.1 over plain sockets by themselves, since a common client
// and server cost more than the gateways between them are allowed to.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "gateway-load:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("expected upstream or load, got nothing")
	}
	switch args[0] {
	case "upstream":
		return serve()
	case "load":
		return load(args[1:])
	}
	return fmt.Errorf("expected upstream or load, got %q", args[0])
}

func say(document any) error {
	return json.NewEncoder(os.Stdout).Encode(document)
}
