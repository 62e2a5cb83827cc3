"""An invented Premier League season behind HTTP, with responses like those of the SofaSport and FPL APIs.

It has twenty clubs, 380 fixtures of 2025-26 and about six hundred players, all invented. With `--clubs 6` it has 30
fixtures in ten gameweeks. Its clock stands still until it is set. Everything is derived from a seed: two runs return
the same bytes.

    FPL_PULSE_SANDBOX_KEY=... python -m dev.sandbox --port 18710 --as-of 2025-10-13T01:00:00Z

`/v1/...` is SofaSport (with key, rate limit and quota). `/api/...` is FPL. `/__sandbox__/` controls the sandbox: set
`clock`, `summer`, `limits`, `scenario` and `reset`; read `stats` and `truth` (the true mapping between both sources).

The data has the difficulties of the real sources: moved and postponed fixtures, a stale second event, names with two
spellings, late and corrected statistics, players that only one source knows, transfers, and a person with two profiles.

The modules, each built on those before it:

- `clubs`, `names`, `people`, `calendar`, `season`: the invented season.
- `next_season`: the season after it, with other ids and clubs.
- `lineups`, `match_statistics`, `matches`: its matches.
- `sofasport`, `official`, `fpl`: what each source shows at a given time.
- `sofasport_seasons`, `summer`: both seasons at SofaSport, and when each source opens the second one.
- `world`: the seasons and their clock.
- `limits`, `scenario`, `fault_injection`, `middleware`, `routes`, `control`, `app`: the HTTP server.
"""
