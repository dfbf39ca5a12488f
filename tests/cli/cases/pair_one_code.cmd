pair 64490
