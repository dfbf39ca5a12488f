lookup XYZ12
