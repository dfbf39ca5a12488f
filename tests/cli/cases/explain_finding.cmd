explain C7/ncci_ptp/2
