"""Pictures by address: PNG and SVG of the charts, for pages, and for people who share them."""
