"""FPL Pulse: SofaSport match data joined to Fantasy Premier League data, week by week."""
