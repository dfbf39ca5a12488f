audit --strict=yes x
