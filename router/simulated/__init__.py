"""Simulated models: an OpenAI-compatible loopback server that answers honestly from a small knowledge of its own."""
