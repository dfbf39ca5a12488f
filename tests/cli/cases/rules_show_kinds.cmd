rules show --kinds
