audit --frmat json x
