"""The data of charts, read from the store: for the pages, and for the pictures of packs."""
