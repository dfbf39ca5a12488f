rules new payer_override --kind not_covered
