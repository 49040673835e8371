"""HTTP only: read the request, call a service, render or redirect. One file a feature."""
