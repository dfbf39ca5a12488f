rules new Plan-X
