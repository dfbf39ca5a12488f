rules diff - -
