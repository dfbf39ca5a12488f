help selfaudit
