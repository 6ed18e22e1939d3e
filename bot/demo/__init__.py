"""The demo: everything on one machine, without an account or a key."""
