"""`README.md` of a pack: what the files are, and how to open them."""

from datetime import datetime

GUIDE = "README.md"

TEXT = """\
# {title}

The data is that of {as_of:%Y-%m-%d %H:%M} UTC. All times are UTC.

| file | what it is |
|---|---|
| `index.html` | the gameweek in a browser: results, the best players, and the pictures in `pictures/` |
| `defects.md` | what is missing, doubtful, in review, or revised since the last pack: read this first |
| `gameweek/` | the rows of gameweek {gameweek}, as CSV for a spreadsheet and as Parquet |
| `season/` | season {season} up to this gameweek; views without a gameweek, such as `players`, as they are now |
| `season.duckdb` | the same in one database: schema `fpl` for the season, schema `gameweek` for the gameweek |
| `data-dictionary.md` | what each column means |
| `datapackage.json` | the same for programs: columns, types, keys, by the Frictionless standard |
| `manifest.json` | each file with size and SHA-256 |

- **Spreadsheet:** open `gameweek/player_gameweeks.csv`. Where a decimal comma is usual, use *Data*, *From Text/CSV*. An
  apostrophe before a text keeps it from being taken for a formula or a date.
- **DuckDB:** `duckdb -readonly season.duckdb "select player, goals from fpl.player_seasons order by 2 desc limit 9"`
- **pandas:** `pandas.read_parquet("season/player_matches.parquet")`
"""


def guide(title: str, as_of: datetime, season: str, gameweek: int) -> str:
    """The page as Markdown."""
    return TEXT.format(title=title, as_of=as_of, season=season, gameweek=gameweek)
