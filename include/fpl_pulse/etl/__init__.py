"""The five pipelines, each plan, fetch, load and check."""
