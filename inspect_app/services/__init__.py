"""One function for one thing that a person does; the outermost owns the transaction."""
