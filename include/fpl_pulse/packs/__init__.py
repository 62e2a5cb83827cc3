"""Packs and exports: the views for analysts as files that need no server."""
