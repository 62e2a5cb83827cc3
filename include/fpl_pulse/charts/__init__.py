"""Charts of matches and players: pure functions from frozen dataclasses to pictures.

Make one of the dataclasses of `catalogue.Chart` from rows and pass it to `catalogue.picture_of`. It returns the bytes
of a PNG or SVG, the size in CSS pixels and the alternative text. Nothing here reads a database, a file of the product
or a clock, and nothing keeps a figure: the global state of matplotlib (`pyplot`) is not used, so several threads may
draw at the same time.

Missing data is a None in the dataclass. It becomes a gap or a dash, and a chart without any data a sentence.
"""
