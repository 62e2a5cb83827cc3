"""Install, unit tests and demo on each Python of this machine, also under conditions that break careless programs."""
