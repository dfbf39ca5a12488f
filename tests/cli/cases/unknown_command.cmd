adit x
