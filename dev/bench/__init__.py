"""Measures the speed of the product: `make bench`."""
