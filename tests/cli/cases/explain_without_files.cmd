explain T/2/freq_esi --payer uhc
