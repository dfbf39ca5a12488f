rules diff -
