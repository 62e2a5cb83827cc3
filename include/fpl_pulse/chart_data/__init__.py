"""The data of charts, read from the store."""
