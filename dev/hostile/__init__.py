"""Wrong responses: a source that corrupts what it serves, and weeks that are played against it."""
