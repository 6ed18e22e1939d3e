"""The replay: labelled traffic through the real router, store and cache, by the traffic's own clock."""
