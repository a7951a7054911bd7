// Command attribute-parser reads a JSON list of annotations on stdin and prints what the controller's
// parser makes of each: its keys and values, or null for an error. The folder annotations, with the
// controller's own sources, is put beside it when it is built.
package main

import (
	"encoding/json"
	"log"
	"os"

	"attribute-parser/annotations"
)

func main() {
	var texts []string
	if err := json.NewDecoder(os.Stdin).Decode(&texts); err != nil {
		log.Fatal(err)
	}
	parser := annotations.NewSuffixAnnotationParser("lab")
	answers := make([]map[string]string, len(texts))
	for i, text := range texts {
		read := map[string]string{}
		given := map[string]string{"lab/attributes": text}
		if _, err := parser.ParseStringMapAnnotation("attributes", &read, given); err == nil {
			answers[i] = read
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		log.Fatal(err)
	}
}
