lookup --strict 64483
