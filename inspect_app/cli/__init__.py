"""Commands of the shell: ``flask --app wsgi ...``."""
