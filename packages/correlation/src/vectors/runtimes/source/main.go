package main

import (
	"fmt"
	"os"
	"sync"
)

type record struct{ fields []int }

var total int

//go:noinline
func (r *record) field(at int) int { return r.fields[at] }

//go:noinline
func parse(n int) int { return (&record{fields: make([]int, 3)}).field(n) }

//go:noinline
func deep(n int) int { return deep(n+1) + n }

func main() {
	switch os.Args[1] {
	case "i":
		fmt.Println(parse(len(os.Args) + 9))
	case "n":
		var r *record
		fmt.Println(r.field(1))
	case "p":
		panic("record has no header")
	case "o":
		fmt.Println(deep(1))
	case "r":
		var w sync.WaitGroup
		for k := 0; k < 2; k++ {
			w.Add(1)
			go func() { defer w.Done(); total += parse(1) + k }()
		}
		w.Wait()
	case "k":
		c := make(chan int)
		<-c
	}
}
