rules lint
