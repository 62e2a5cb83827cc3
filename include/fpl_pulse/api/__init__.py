"""The two HTTP APIs."""
