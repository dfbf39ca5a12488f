rules new plan_y_interval --kind min_interval
