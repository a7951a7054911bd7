module attribute-parser

go 1.26.0

require github.com/pkg/errors v0.9.1
