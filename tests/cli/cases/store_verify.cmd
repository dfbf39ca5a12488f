store verify
