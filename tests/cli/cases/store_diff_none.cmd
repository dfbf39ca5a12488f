store diff examples/nothing.store examples/nothing.store
