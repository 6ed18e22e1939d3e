"""The dashboard: what it costs, what was flagged, what to review."""
