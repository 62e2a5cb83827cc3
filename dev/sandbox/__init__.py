"""A pretend Premier League season that answers like the SofaSport and FPL APIs.

Twenty invented clubs, 380 fixtures of 2025-26 and some six hundred invented players, served over HTTP at a clock
that stands still until it is set. Everything follows from a seed: two runs give the same bytes.

    FPL_PULSE_SANDBOX_KEY=... python -m dev.sandbox --port 18710 --as-of 2025-10-13T01:00:00Z

`/v1/...` is SofaSport (key, rate limit, quota), `/api/...` is FPL, `/__sandbox__/` controls: `clock`, `limits`,
`reset` and, to read, `stats` and `truth` (who is who). It has what makes the real sources hard: moved
and postponed fixtures, a stale second event, names spelt in two ways, late and corrected statistics, players whom only
one side knows, transfers, one person with two profiles.

From the inside out: `clubs`, `names`, `people` and `calendar` make the `season`; `lineups`, `match_statistics` and
`matches` play it; `sofasport` and `official`, `fpl` show it at a moment; `world` holds the moment; `limits`,
`gate`, `routes`, `control` and `app` serve it.
"""
