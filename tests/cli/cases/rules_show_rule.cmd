rules show sided_pair_si
