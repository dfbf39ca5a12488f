rules show requires_history
