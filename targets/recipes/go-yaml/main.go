// Reads one YAML document and says what kind of value it is.
package main

import (
	"fmt"
	"os"

	"gopkg.in/yaml.v3"
)

func main() {
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
	var value interface{}
	if err := yaml.Unmarshal(text, &value); err != nil {
		fmt.Println("refused")
		return
	}
	fmt.Printf("read %T\n", value)
}
