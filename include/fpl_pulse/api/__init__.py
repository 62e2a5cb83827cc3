"""The two HTTP APIs: SofaSport and FPL."""
