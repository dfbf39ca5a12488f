rules new plan_x --kind pair_edit
