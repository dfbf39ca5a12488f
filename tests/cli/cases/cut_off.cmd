audit $CASES/cut.837
