rules new payer_override
