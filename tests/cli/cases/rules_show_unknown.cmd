rules show no_such_thing
