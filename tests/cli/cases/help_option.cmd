pair --help
