store what
