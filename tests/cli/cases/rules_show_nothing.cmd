rules show
